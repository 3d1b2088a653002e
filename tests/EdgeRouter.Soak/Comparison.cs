using System.Globalization;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Soak;

/// <summary>Compares what callers, providers, records, counters and the ledger say after a run.</summary>
internal sealed class Comparison(IReadOnlyCollection<Ask> asked, IReadOnlyCollection<ProviderCall> calls, StoredUsage stored, IReadOnlyList<Life> lives)
{
    private readonly Dictionary<string, Ask> bySession = asked.ToDictionary(ask => ask.Session, StringComparer.Ordinal);
    private readonly Dictionary<string, GenerationRecord> byId = stored.Records.ToDictionary(record => record.Id, StringComparer.Ordinal);
    private readonly HashSet<int> killed = [.. lives.Where(life => life.Killed).Select(life => life.Number)];
    private readonly ILookup<string, GenerationRecord> recordsBySession = stored.Records.Where(record => record.SessionId is not null)
        .ToLookup(record => record.SessionId!, StringComparer.Ordinal);

    public void Print(Findings findings)
    {
        CompareCallers(findings);
        CompareProviders(findings);
        CompareCounters(findings);
        foreach (var life in lives) CompareLedger(life, findings);
    }

    private void CompareCallers(Findings findings)
    {
        var owed = asked.Where(ask => ask.GenerationId is not null && (ask.Safe || ask.Ended && !killed.Contains(ask.Life))).ToArray();
        findings.Equal("answers whose record is promised, and those that have it", owed.Length, owed.Count(ask => byId.ContainsKey(ask.GenerationId!)));
        var ids = asked.Select(ask => ask.GenerationId).Where(id => id is not null).ToHashSet(StringComparer.Ordinal);
        var strange = stored.Records.Count(record => !ids.Contains(record.Id) && (record.SessionId is null || !bySession.ContainsKey(record.SessionId))
            && record.ErrorType is null);
        findings.Equal("records of requests that nobody sent", 0, strange);
        findings.Equal("requests with two records", 0, recordsBySession.Count(group => group.Count() > 1));
    }

    /// <summary>
    /// Per request: it has a record, no more requests reached providers than the record has attempts, and what one of them answered to its end is what the
    /// record has. Only a killed process may have lost the record, and only of an answer whose end its caller had not been told.
    /// </summary>
    private void CompareProviders(Findings findings)
    {
        int lost = 0, unexplained = 0, surplus = 0, differing = 0;
        long completed = 0, prompt = 0, completion = 0, recordedPrompt = 0, recordedCompletion = 0;
        foreach (var attempts in calls.GroupBy(call => call.Session, StringComparer.Ordinal))
        {
            var ask = bySession[attempts.Key];
            if (recordsBySession[attempts.Key].FirstOrDefault() is not { } record)
            {
                lost++;
                if (!killed.Contains(ask.Life) || ask.Safe) unexplained++;
                continue;
            }
            if (attempts.Count() > record.Attempts.Count) surplus++;
            if (record.Cancelled || record.ErrorType is not null || attempts.SingleOrDefault(call => call.Completed) is not { } answer) continue;
            completed++;
            (prompt, completion) = (prompt + answer.PromptTokens, completion + answer.CompletionTokens);
            (recordedPrompt, recordedCompletion) = (recordedPrompt + record.Usage.PromptTotal, recordedCompletion + record.Usage.CompletionTotal);
            if ((answer.PromptTokens, answer.CompletionTokens) != (record.Usage.PromptTotal, record.Usage.CompletionTotal)) differing++;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {asked.Count} requests of callers, {asked.Count(ask => ask.Ended)} "
            + $"answers read to their end, {stored.Records.Count} records, {calls.Count} requests to providers"));
        findings.Equal($"requests to providers without a record, other than the {lost} in flight when the router was killed", 0, unexplained);
        findings.Equal("records with fewer attempts than reached providers", 0, surplus);
        findings.Equal($"prompt tokens that providers say they answered ({completed} answers), and that records have", prompt, recordedPrompt);
        findings.Equal("completion tokens that providers say they answered, and that records have", completion, recordedCompletion);
        findings.Equal("answers whose record says something else", 0, differing);
    }

    private void CompareCounters(Findings findings)
    {
        findings.Equal("sum of the records, and the totals", Show(SumOf(stored.Records)), Show(stored.Totals));
        findings.Equal("sum of the records that an endpoint served, and the activity of all endpoints",
            Show(SumOf(stored.Records.Where(record => record.EndpointId is not null))), Show(stored.Activity));
    }

    /// <summary>
    /// A process that ended in order added to the ledger what its records cost. A killed one added that at least: what it had not reported is in its lease,
    /// which counts as spent; and at most that lease and what was in flight more.
    /// </summary>
    private void CompareLedger(Life life, Findings findings)
    {
        findings.Equal($"life {life.Number}: sum of the leases after it, and what the ledger has as leased", life.After.Leases.Sum(lease => lease.Amount),
            life.After.Leased);
        var cost = stored.Records.Where(record => LifeOf(record) == life.Number).Sum(record => record.Cost.ToDollars());
        var added = life.After.Spent + life.After.Leased - life.Before.Spent - life.Before.Leased;
        if (!life.Killed)
        {
            findings.Equal($"life {life.Number}, ended by SIGTERM: cost of its records, and what the ledger has more", cost, added);
            return;
        }
        var lease = Math.Max(0, life.After.Leased - life.Before.Leased);
        var inFlight = asked.Where(ask => ask.Life == life.Number && !ask.Safe && !recordsBySession.Contains(ask.Session)).Sum(ask => ask.Most);
        findings.Holds(cost <= added && added <= cost + lease + inFlight, string.Create(CultureInfo.InvariantCulture,
            $"life {life.Number}, ended by kill -9: cost of its records {cost} <= {added} that the ledger has more, its lease included <= "
                + $"{cost + lease + inFlight}"));
    }

    private static string Show(UsageSum sum) => string.Create(CultureInfo.InvariantCulture,
        $"{sum.Requests} requests, {sum.PromptTokens} prompt and {sum.CompletionTokens} completion tokens, {sum.Cost} USD");

    private static UsageSum SumOf(IEnumerable<GenerationRecord> records)
    {
        var sum = default(UsageSum);
        foreach (var record in records) sum += UsageSum.Of(record);
        return sum;
    }

    private int? LifeOf(GenerationRecord record) => record.SessionId is { } session && bySession.TryGetValue(session, out var ask) ? ask.Life : null;
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeRouter.Soak;

/// <summary>
/// The run: six short lives of the router, of which three end by <c>kill -9</c>, and one of three fifths of the time, whose memory is judged.
/// </summary>
internal sealed class SoakRun(TimeSpan time, int seed)
{
    public const int Callers = 16;

    /// <summary>Resident memory may grow by so much, in MB a minute, over a life of at least <see cref="ShortestJudgedMinutes"/>.</summary>
    private const double MostGrowth = 0.5;

    private const double ShortestJudgedMinutes = 5;
    private const double ShareOfLast = 0.6;
    private static readonly bool[] ShortLivesKilled = [false, true, false, true, true, false];
    private readonly ConcurrentQueue<Ask> asked = new();
    private readonly List<Life> lives = [];
    private readonly Findings findings = new();
    private readonly DateTimeOffset since = TimeProvider.System.GetUtcNow();
    private (DateTimeOffset At, decimal Usage) shown;

    public async Task<bool> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("edgerouter-soak-").FullName;
        try
        {
            await using var alpha = await CountingProvider.StartAsync(isFirst: true);
            await using var beta = await CountingProvider.StartAsync(isFirst: false);
            var catalog = Path.Combine(folder, "catalog.json");
            await File.WriteAllTextAsync(catalog, Catalog(alpha, beta));
            var ledger = LedgerState.Empty;
            var shortLife = time * (1 - ShareOfLast) / ShortLivesKilled.Length;
            foreach (var killed in ShortLivesKilled) ledger = await LiveAsync(folder, catalog, killed, shortLife, ledger);
            await LiveAsync(folder, catalog, killed: false, time * ShareOfLast, ledger);
            await CompareAsync(folder, [.. alpha.Calls, .. beta.Calls]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        Console.WriteLine(findings.AllHold ? "soak: all equal" : "soak: NOT EQUAL");
        return findings.AllHold;
    }

    private async Task<LedgerState> LiveAsync(string folder, string catalog, bool killed, TimeSpan duration, LedgerState before)
    {
        var number = lives.Count + 1;
        await using var router = await RouterProcess.StartAsync(folder, catalog);
        using var stop = new CancellationTokenSource();
        var isLast = number > ShortLivesKilled.Length;
        var callers = Enumerable.Range(0, Callers)
            .Select(caller => new Caller(router, number, caller, new Random(seed + number * Callers + caller), asked.Enqueue))
            .Select(caller => Task.Run(() => caller.RunAsync(stop.Token))).ToArray();
        await Task.Delay(duration);
        // The last life ends in quiet, so that what /key says can be compared. The others end under traffic.
        if (isLast)
        {
            await stop.CancelAsync();
            await Task.WhenAll(callers);
            using var client = router.CreateClient();
            shown = (TimeProvider.System.GetUtcNow(), JsonNode.Parse(await client.GetStringAsync("/api/v1/key"))!["data"]!["usage"]!.GetValue<decimal>());
        }
        if (killed) await router.KillAsync();
        else findings.Equal($"life {number}: exit code after SIGTERM", 0, await router.StopAsync());
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        var after = await LedgerState.ReadAsync(folder);
        lives.Add(new Life(number, killed, router.Memory, before, after));
        Report(lives[^1]);
        return after;
    }

    private void Report(Life life)
    {
        var (first, last) = life.Memory.Ends;
        var slope = life.Memory.PerMinute();
        var requests = asked.Count(ask => ask.Life == life.Number);
        var told = string.Create(CultureInfo.InvariantCulture, $"life {life.Number}, {life.Memory.Minutes:0.0} minutes, {requests} requests, ended by "
            + $"{(life.Killed ? "kill -9" : "SIGTERM")}: resident {first:0} to {last:0} MB, slope {slope:+0.00;-0.00} MB a minute");
        if (life.Memory.Minutes < ShortestJudgedMinutes) Console.WriteLine("  " + told);
        else findings.Holds(slope <= MostGrowth, string.Create(CultureInfo.InvariantCulture, $"{told} <= {MostGrowth}"));
    }

    private async Task CompareAsync(string folder, ProviderCall[] calls)
    {
        var stored = await StoredUsage.ReadAsync(folder, since);
        new Comparison(asked, calls, stored, lives).Print(findings);
        var recorded = stored.Records.Sum(record => record.Cost.ToDollars());
        findings.Equal("usage that /key shows, and the larger of the sum of the records and the ledger with its expired leases", shown.Usage,
            Math.Max(recorded, lives[^1].After.CountedAt(shown.At)));
    }

    private static string Catalog(CountingProvider alpha, CountingProvider beta)
    {
        static JsonObject Provider(string slug, CountingProvider provider) =>
            new() { ["slug"] = slug, ["name"] = slug, ["dialect"] = "openai-chat", ["base_url"] = provider.BaseUrl, ["auth"] = "bearer" };
        // The first is cheaper, so that it is asked first.
        static JsonObject Endpoint(string slug) => new()
        {
            ["provider"] = slug,
            ["upstream_model"] = "m",
            ["context_length"] = 128_000,
            ["max_completion_tokens"] = 8192,
            ["pricing"] = new JsonObject { ["prompt"] = "0.000001", ["completion"] = "0.000002" },
            ["supported_parameters"] = new JsonArray("max_tokens"),
        };
        return new JsonObject
        {
            ["providers"] = new JsonArray(Provider("alpha", alpha), Provider("beta", beta)),
            ["models"] = new JsonArray(new JsonObject
            {
                ["id"] = "soak/one",
                ["name"] = "One",
                ["created"] = 1_760_000_000,
                ["input_modalities"] = new JsonArray("text"),
                ["output_modalities"] = new JsonArray("text"),
                ["endpoints"] = new JsonArray(Endpoint("alpha"), Endpoint("beta")),
            }),
        }.ToJsonString();
    }
}

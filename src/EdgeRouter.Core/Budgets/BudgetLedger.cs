using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// The rows that all instances share.
/// <code>
/// table budgets, partition = level and subject, such as key:8f14e45f... or account:*
///   window:2026-11                  Spent and Leased: what is spent, and the sum of the period's leases; never more together than the limit;
///                                   Origin and OriginSpent: which row it is, and what it began with
///   adjusted:2026-11:ID             an adjustment that is in the period's Spent
///   lease:2026-11:INSTANCE          Amount, Expires, Sequence: what may still be spent from it; counted in the period's Leased
/// </code>
/// Both rows change in one transaction on ETags, so no interleaving of instances can lease the same money twice. A reset period without a row has spent
/// nothing. Stateless.
/// </summary>
internal sealed class BudgetLedger(ITableStore store)
{
    public const string Table = "budgets";
    private const string PeriodPrefix = "window:";
    private const string LeasePrefix = "lease:";
    // ';' follows ':' in ordinal order.
    private static readonly RowRange AllLeases = new(LeasePrefix, "lease;");

    public static string PartitionOf(BudgetLimit limit) => (limit.Level == BudgetLevel.Account ? "account:" : "key:") + TableKey.Escape(limit.Subject);

    /// <summary>Reads a reset period; one without a row is all zero.</summary>
    public async ValueTask<PeriodRow> ReadPeriodAsync(BudgetLimit limit, string period, CancellationToken cancellationToken)
    {
        var row = await store.GetAsync(Table, PartitionOf(limit), PeriodRowName(period), cancellationToken);
        return row is null ? default : PeriodRow.Read(row.Properties, row.ETag);
    }

    /// <summary>Reads a lease; null: there is none.</summary>
    public async ValueTask<LeaseRow?> ReadLeaseAsync(BudgetLimit limit, string period, string instance, CancellationToken cancellationToken)
    {
        var row = await store.GetAsync(Table, PartitionOf(limit), LeaseName(period, instance), cancellationToken);
        return row is null ? null : ToLease(row);
    }

    /// <summary>A page of a limit's leases, of all reset periods.</summary>
    public async ValueTask<(IReadOnlyList<LeaseRow> Leases, string? Continuation)> ReadLeasesAsync(BudgetLimit limit, string? continuation,
        CancellationToken cancellationToken)
    {
        var page = await store.QueryAsync(Table, PartitionOf(limit), AllLeases, continuation: continuation, cancellationToken: cancellationToken);
        return ([.. page.Rows.Select(ToLease)], page.Continuation);
    }

    /// <summary>
    /// Moves money between the rows: <paramref name="spent"/> is added to what is spent, and the lease becomes <paramref name="after"/>. Returns
    /// false when the rows have changed since they were read: another instance wrote first, or this change was already applied and the store retried
    /// it. Read the lease again to find out.
    /// </summary>
    /// <param name="limit">Whose ledger.</param>
    /// <param name="name">Name of the reset period.</param>
    /// <param name="period">The reset period as read.</param>
    /// <param name="before">The lease as read; null: there was none.</param>
    /// <param name="after">The lease as it is to be; null: none.</param>
    /// <param name="spent">What the lease cost since the last time.</param>
    /// <param name="cancellationToken">Ends the wait; the outcome is then unknown.</param>
    public async ValueTask<bool> TryMoveAsync(
        BudgetLimit limit, string name, PeriodRow period, LeaseRow? before, LeaseRow? after, NanoDollars spent, CancellationToken cancellationToken)
    {
        var leased = period.Leased - (before?.Amount ?? NanoDollars.Zero) + (after?.Amount ?? NanoDollars.Zero);
        var changes = new List<TableChange>(2) { ToChange(name, period, period.Spent + spent, leased) };
        if (ToChange(before, after) is { } change) changes.Add(change);
        var result = await store.CommitAsync(Table, PartitionOf(limit), changes, cancellationToken);
        return result.Status == CommitStatus.Committed;
    }

    /// <summary>Adds an adjustment to what is spent in a period. False: the rows have changed since they were read, or it was added before.</summary>
    public async ValueTask<bool> TryAdjustAsync(BudgetLimit limit, string name, PeriodRow period, NanoDollars amount, string adjustment,
        CancellationToken cancellationToken)
    {
        TableChange[] changes =
            [ToChange(name, period, period.Spent + amount, period.Leased), TableChange.Insert(AdjustedName(name, adjustment), new RowProperties(0))];
        return (await store.CommitAsync(Table, PartitionOf(limit), changes, cancellationToken)).Status == CommitStatus.Committed;
    }

    /// <summary>Whether an adjustment is in what is spent in a period.</summary>
    public async ValueTask<bool> IsAdjustedAsync(BudgetLimit limit, string period, string adjustment, CancellationToken cancellationToken) =>
        await store.GetAsync(Table, PartitionOf(limit), AdjustedName(period, adjustment), cancellationToken) is not null;

    /// <summary>Writes the first row of a period, unless it exists.</summary>
    public async ValueTask OpenAsync(BudgetLimit limit, string period, NanoDollars spent, CancellationToken cancellationToken) =>
        await store.CommitAsync(Table, PartitionOf(limit),
            [ToChange(period, new PeriodRow(spent, NanoDollars.Zero, null, default), spent, NanoDollars.Zero)], cancellationToken);

    private static TableChange ToChange(string name, PeriodRow before, NanoDollars spent, NanoDollars leased)
    {
        var origin = before.ETag is null ? new PeriodOrigin(Guid.NewGuid(), before.Spent) : before.Origin;
        var properties = new PeriodRow(spent, leased, before.ETag, origin).ToProperties();
        return before.ETag is null ? TableChange.Insert(PeriodRowName(name), properties)
            : TableChange.ReplaceIfMatch(PeriodRowName(name), before.ETag, properties);
    }

    private static TableChange? ToChange(LeaseRow? before, LeaseRow? after)
    {
        if (after is null) return before is null ? null : TableChange.Delete(LeaseName(before.Period, before.Instance), before.ETag);
        var name = LeaseName(after.Period, after.Instance);
        var properties = new RowProperties(3);
        properties.Add(nameof(LeaseRow.Amount), after.Amount.Value);
        properties.Add(nameof(LeaseRow.Expires), after.Expires);
        properties.Add(nameof(LeaseRow.Sequence), after.Sequence);
        return before is null ? TableChange.Insert(name, properties) : TableChange.ReplaceIfMatch(name, before.ETag!, properties);
    }

    private static LeaseRow ToLease(TableRow row)
    {
        var name = row.Row.AsSpan(LeasePrefix.Length);
        var colon = name.IndexOf(':');
        return new LeaseRow(name[..colon].ToString(), name[(colon + 1)..].ToString(), Money(row, nameof(LeaseRow.Amount)),
            (DateTimeOffset)row.Properties[nameof(LeaseRow.Expires)], (long)row.Properties[nameof(LeaseRow.Sequence)], row.ETag);
    }

    private static NanoDollars Money(TableRow row, string name) => new((long)row.Properties[name]);

    /// <summary>Whether a row is that of a reset period.</summary>
    public static bool IsPeriod(string row) => row.StartsWith(PeriodPrefix, StringComparison.Ordinal);

    /// <summary>Whether a row is a lease.</summary>
    public static bool IsLease(string row) => row.StartsWith(LeasePrefix, StringComparison.Ordinal);

    private static string PeriodRowName(string period) => PeriodPrefix + period;

    private static string AdjustedName(string period, string adjustment) => "adjusted:" + period + ":" + adjustment;

    private static string LeaseName(string period, string instance) => LeasePrefix + period + ":" + instance;
}

/// <summary>What is spent and what is leased of a budget in one reset period.</summary>
/// <param name="Spent">Spent, by the leases that reported it; forfeited leases and adjustments with it.</param>
/// <param name="Leased">Sum of the leases.</param>
/// <param name="ETag">Null: there is no row yet, and <paramref name="Spent"/> is what it will begin with.</param>
/// <param name="Origin">How the row was made.</param>
internal readonly record struct PeriodRow(NanoDollars Spent, NanoDollars Leased, string? ETag, PeriodOrigin Origin)
{
    private const string OriginSpent = "OriginSpent";

    public static PeriodRow Read(IReadOnlyDictionary<string, object> row, string? etag) => new(
        new NanoDollars((long)row[nameof(Spent)]), new NanoDollars((long)row[nameof(Leased)]), etag,
        row.TryGetValue(nameof(Origin), out var origin) ? new PeriodOrigin((Guid)origin, new NanoDollars((long)row[OriginSpent])) : default);

    public RowProperties ToProperties()
    {
        var properties = new RowProperties(4);
        properties.Add(nameof(Spent), Spent.Value);
        properties.Add(nameof(Leased), Leased.Value);
        if (Origin == default) return properties;
        properties.Add(nameof(Origin), Origin.Id);
        properties.Add(OriginSpent, Origin.Spent.Value);
        return properties;
    }
}

/// <summary>
/// Distinguishes the row of a reset period from a second row of the same period, made after the first was lost. Rows of an earlier version have none.
/// </summary>
/// <param name="Id">Different for each row that was ever made.</param>
/// <param name="Spent">What the totals said was spent when the row was made.</param>
internal readonly record struct PeriodOrigin(Guid Id, NanoDollars Spent);

/// <summary>An instance's lease.</summary>
/// <param name="Period">Name of its reset period.</param>
/// <param name="Instance">The instance that holds it.</param>
/// <param name="Amount">Amount that may still be spent from it.</param>
/// <param name="Expires">Time until which the instance may spend it without renewing.</param>
/// <param name="Sequence">Number of the instance's last write: shows whether a write with an unknown outcome was applied.</param>
/// <param name="ETag">Null: not written yet.</param>
internal sealed record LeaseRow(string Period, string Instance, NanoDollars Amount, DateTimeOffset Expires, long Sequence, string? ETag);

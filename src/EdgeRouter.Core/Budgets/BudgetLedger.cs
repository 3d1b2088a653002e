using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Budgets;

/// <summary>
/// The rows that all instances share.
/// <code>
/// table budgets, partition = level and subject, such as key:8f14e45f... or account:*
///   window:2026-11                  Spent and Leased: what is gone for good, and the sum of the window's leases; never more together than the limit
///   adjusted:2026-11:ID             an adjustment that is in the window's Spent
///   lease:2026-11:INSTANCE          Amount, Expires, Sequence: what that lease may still cost; counted in the window's Leased
/// </code>
/// Both rows change in one transaction on ETags, so no interleaving of instances can lease the same money twice. A window without a row has spent
/// nothing. Stateless.
/// </summary>
internal sealed class BudgetLedger(ITableStore store)
{
    public const string Table = "budgets";
    private const string LeasePrefix = "lease:";
    // ';' follows ':' in ordinal order.
    private static readonly RowRange AllLeases = new(LeasePrefix, "lease;");

    public static string PartitionOf(BudgetLimit limit) => (limit.Level == BudgetLevel.Account ? "account:" : "key:") + TableKey.Escape(limit.Subject);

    /// <summary>Reads a window; one without a row is all zero.</summary>
    public async ValueTask<WindowRow> ReadWindowAsync(BudgetLimit limit, string window, CancellationToken cancellationToken)
    {
        var row = await store.GetAsync(Table, PartitionOf(limit), WindowName(window), cancellationToken);
        return row is null ? default : new WindowRow(Money(row, nameof(WindowRow.Spent)), Money(row, nameof(WindowRow.Leased)), row.ETag);
    }

    /// <summary>Reads a lease; null: there is none.</summary>
    public async ValueTask<LeaseRow?> ReadLeaseAsync(BudgetLimit limit, string window, string instance, CancellationToken cancellationToken)
    {
        var row = await store.GetAsync(Table, PartitionOf(limit), LeaseName(window, instance), cancellationToken);
        return row is null ? null : ToLease(row);
    }

    /// <summary>A page of a limit's leases, of all windows.</summary>
    public async ValueTask<(IReadOnlyList<LeaseRow> Leases, string? Continuation)> ReadLeasesAsync(BudgetLimit limit, string? continuation,
        CancellationToken cancellationToken)
    {
        var page = await store.QueryAsync(Table, PartitionOf(limit), AllLeases, continuation: continuation, cancellationToken: cancellationToken);
        return ([.. page.Rows.Select(ToLease)], page.Continuation);
    }

    /// <summary>
    /// Moves money between the rows: <paramref name="spent"/> is added to what is spent, and the lease becomes <paramref name="after"/>. False: the
    /// rows are not as read any more; somebody else wrote first, or this very change, which the store tried again when an answer was lost. Reading
    /// the lease tells.
    /// </summary>
    /// <param name="limit">Whose ledger.</param>
    /// <param name="name">Name of the window.</param>
    /// <param name="window">The window as read.</param>
    /// <param name="before">The lease as read; null: there was none.</param>
    /// <param name="after">The lease as it is to be; null: none.</param>
    /// <param name="spent">What the lease cost since the last time.</param>
    /// <param name="cancellationToken">Ends the wait; what happened is then not known.</param>
    public async ValueTask<bool> TryMoveAsync(
        BudgetLimit limit, string name, WindowRow window, LeaseRow? before, LeaseRow? after, NanoDollars spent, CancellationToken cancellationToken)
    {
        var leased = window.Leased - (before?.Amount ?? NanoDollars.Zero) + (after?.Amount ?? NanoDollars.Zero);
        var changes = new List<TableChange>(2) { ToChange(name, window, window.Spent + spent, leased) };
        if (ToChange(before, after) is { } change) changes.Add(change);
        var result = await store.CommitAsync(Table, PartitionOf(limit), changes, cancellationToken);
        return result.Status == CommitStatus.Committed;
    }

    /// <summary>Adds an adjustment to what is spent in a window. False: the rows are not as read any more, or it was added before.</summary>
    public async ValueTask<bool> TryAdjustAsync(BudgetLimit limit, string name, WindowRow window, NanoDollars amount, string adjustment,
        CancellationToken cancellationToken)
    {
        TableChange[] changes =
            [ToChange(name, window, window.Spent + amount, window.Leased), TableChange.Insert(AdjustedName(name, adjustment), new RowProperties(0))];
        return (await store.CommitAsync(Table, PartitionOf(limit), changes, cancellationToken)).Status == CommitStatus.Committed;
    }

    /// <summary>Whether an adjustment is in what is spent in a window.</summary>
    public async ValueTask<bool> IsAdjustedAsync(BudgetLimit limit, string window, string adjustment, CancellationToken cancellationToken) =>
        await store.GetAsync(Table, PartitionOf(limit), AdjustedName(window, adjustment), cancellationToken) is not null;

    /// <summary>Writes the first row of a window, unless somebody did.</summary>
    public async ValueTask OpenAsync(BudgetLimit limit, string window, NanoDollars spent, CancellationToken cancellationToken) =>
        await store.CommitAsync(Table, PartitionOf(limit), [ToChange(window, default, spent, NanoDollars.Zero)], cancellationToken);

    private static TableChange ToChange(string name, WindowRow before, NanoDollars spent, NanoDollars leased)
    {
        var properties = new RowProperties(2);
        properties.Add(nameof(WindowRow.Spent), spent.Value);
        properties.Add(nameof(WindowRow.Leased), leased.Value);
        return before.ETag is null ? TableChange.Insert(WindowName(name), properties) : TableChange.ReplaceIfMatch(WindowName(name), before.ETag, properties);
    }

    private static TableChange? ToChange(LeaseRow? before, LeaseRow? after)
    {
        if (after is null) return before is null ? null : TableChange.Delete(LeaseName(before.Window, before.Instance), before.ETag);
        var name = LeaseName(after.Window, after.Instance);
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

    private static string WindowName(string window) => "window:" + window;

    private static string AdjustedName(string window, string adjustment) => "adjusted:" + window + ":" + adjustment;

    private static string LeaseName(string window, string instance) => LeasePrefix + window + ":" + instance;
}

/// <summary>What is gone and what is leased of a budget in one window. <paramref name="ETag"/> null: there is no row yet.</summary>
internal readonly record struct WindowRow(NanoDollars Spent, NanoDollars Leased, string? ETag);

/// <summary>An instance's lease.</summary>
/// <param name="Window">Name of its window.</param>
/// <param name="Instance">Whose.</param>
/// <param name="Amount">What it may still cost.</param>
/// <param name="Expires">Until when its holder may spend it unasked.</param>
/// <param name="Sequence">Number of the holder's write: tells it whether a write came through whose outcome it did not learn.</param>
/// <param name="ETag">Null: not written yet.</param>
internal sealed record LeaseRow(string Window, string Instance, NanoDollars Amount, DateTimeOffset Expires, long Sequence, string? ETag);

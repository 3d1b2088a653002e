using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// Adjustments beside the roll-ups that count them, in two steps that may each be repeated: <see cref="BeginAsync"/> notes what is to be done,
/// <see cref="CountAsync"/> adds it to the totals, in one transaction with a row that says so. Thread-safe.
/// </summary>
/// <param name="store">Where the roll-ups lie.</param>
public sealed class UsageAdjustments(ITableStore store)
{
    private const int MaxTries = 100;
    private const string Ledgers = "Ledgers";

    /// <summary>The adjustment of this name; null: there is none.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public async ValueTask<UsageAdjustment?> FindAsync(string idempotencyKey, CancellationToken cancellationToken = default)
    {
        var id = IdOf(idempotencyKey);
        var row = await store.GetAsync(UsageLayout.Table, PartitionOf(id), UsageLayout.AdjustmentRow(id), cancellationToken);
        return row is null ? null : Decode(row);
    }

    /// <summary>Notes it, unless there is one of this name; the one that is noted then.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now; nothing is known to be noted.</exception>
    public async Task<UsageAdjustment> BeginAsync(UsageAdjustment adjustment, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(adjustment.IdempotencyKey, cancellationToken) is { } known) return known;
        var id = IdOf(adjustment.IdempotencyKey);
        var change = TableChange.Insert(UsageLayout.AdjustmentRow(id), Encode(adjustment));
        var result = await store.CommitAsync(UsageLayout.Table, PartitionOf(id), [change], cancellationToken);
        if (result.Status == CommitStatus.Committed) return adjustment;
        return await FindAsync(adjustment.IdempotencyKey, cancellationToken)
            ?? throw new StorageUnavailableException("The adjustment could not be noted.");
    }

    /// <summary>Adds it to the totals, once however often it is called.</summary>
    /// <param name="adjustment">The adjustment.</param>
    /// <param name="ledgers">Ledgers that were made before the totals had it, so that it must be added to them, too.</param>
    /// <param name="cancellationToken">Ends the wait; the call may be repeated.</param>
    /// <returns>The ledgers of the call that added it; null: an earlier build did, which did not note them.</returns>
    /// <exception cref="StorageUnavailableException">The store cannot be used now; the call may be repeated.</exception>
    public async Task<IReadOnlyList<string>?> CountAsync(UsageAdjustment adjustment, IReadOnlyList<string> ledgers,
        CancellationToken cancellationToken = default)
    {
        var id = IdOf(adjustment.IdempotencyKey);
        var partition = PartitionOf(id);
        var counted = UsageLayout.AdjustedRow(DayOf(adjustment), id);
        // No pause between the tries: each failed because another writer got on.
        for (var tries = 1; tries <= MaxTries; tries++)
        {
            if (await store.GetAsync(UsageLayout.Table, partition, counted, cancellationToken) is { } row)
                return row.Properties.TryGetValue(Ledgers, out var noted) ? ((string)noted).Split('\n', StringSplitOptions.RemoveEmptyEntries) : null;
            var properties = Encode(adjustment);
            properties.Add(Ledgers, string.Join('\n', ledgers));
            var changes = new List<TableChange> { TableChange.Insert(counted, properties) };
            foreach (var rollup in RollupsOf(adjustment)) changes.Add(await ToChangeAsync(partition, rollup, adjustment.Amount, cancellationToken));
            // A conflict is another writer of the same totals, or another call for this adjustment.
            if ((await store.CommitAsync(UsageLayout.Table, partition, changes, cancellationToken)).Status == CommitStatus.Committed) return ledgers;
        }
        throw new StorageUnavailableException($"The totals were changed by others {MaxTries} times in a row.");
    }

    /// <summary>A name that any text has, of characters that row keys may hold.</summary>
    internal static string IdOf(string idempotencyKey) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(idempotencyKey)));

    /// <summary>Callers whose totals count it.</summary>
    internal static IEnumerable<string> KeysOf(UsageAdjustment adjustment) =>
        adjustment.CallerId is { } caller ? [caller, UsageLayout.AllKeys] : [UsageLayout.AllKeys];

    /// <summary>What it adds to each of them.</summary>
    internal static UsageSum SumOf(UsageAdjustment adjustment) => default(UsageSum) with { Cost = adjustment.Amount };

    internal static DateOnly DayOf(UsageAdjustment adjustment) => DateOnly.FromDateTime(adjustment.CreatedAt.UtcDateTime);

    internal static UsageAdjustment Decode(TableRow row) => new(
        (string)row.Properties[nameof(UsageAdjustment.IdempotencyKey)],
        row.Properties.TryGetValue(nameof(UsageAdjustment.CallerId), out var caller) ? (string)caller : null,
        new NanoDollars((long)row.Properties[nameof(UsageAdjustment.Amount)]),
        (string)row.Properties[nameof(UsageAdjustment.Reason)],
        (DateTimeOffset)row.Properties[nameof(UsageAdjustment.CreatedAt)]);

    private static RowProperties Encode(UsageAdjustment adjustment)
    {
        var properties = new RowProperties(6);
        properties.Add(nameof(adjustment.IdempotencyKey), adjustment.IdempotencyKey);
        if (adjustment.CallerId is { } caller) properties.Add(nameof(adjustment.CallerId), caller);
        properties.Add(nameof(adjustment.Amount), adjustment.Amount.Value);
        properties.Add(nameof(adjustment.Reason), adjustment.Reason);
        properties.Add(nameof(adjustment.CreatedAt), adjustment.CreatedAt);
        return properties;
    }

    private static IEnumerable<string> RollupsOf(UsageAdjustment adjustment)
    {
        var day = DayOf(adjustment);
        foreach (var key in KeysOf(adjustment))
        {
            yield return UsageLayout.AllTimeRow(key);
            yield return UsageLayout.DayRow(key, day);
            yield return UsageLayout.MonthRow(key, day);
        }
    }

    private async Task<TableChange> ToChangeAsync(string partition, string rollup, NanoDollars amount, CancellationToken cancellationToken)
    {
        var row = await store.GetAsync(UsageLayout.Table, partition, rollup, cancellationToken);
        var sum = row is null ? default : UsageSum.Read(row.Properties);
        return new RollupChange(rollup, sum with { Cost = sum.Cost + amount }, About: null, row?.ETag).ToChange();
    }

    private static string PartitionOf(string id) =>
        UsageLayout.PartitionOf(int.Parse(id.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % GenerationId.Shards);
}

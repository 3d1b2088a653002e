using System.Globalization;
using System.Security.Cryptography;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Governance.Audit;

/// <summary>
/// Administrative actions, as rows that are only added: one partition per day, in order of time. An action is recorded before it is done, so that
/// none is missing. Thread-safe.
/// </summary>
public sealed class AuditLog(ITableStore store)
{
    /// <summary>Table of the rows.</summary>
    public const string Table = "audit";

    /// <summary>Longest text of one detail, in characters.</summary>
    public const int MaxDetailLength = 1000;

    private const string DetailPrefix = "Detail_";

    /// <summary>Appends an event.</summary>
    /// <param name="entry">The event.</param>
    /// <param name="id">Names it among the events of its moment, so that it is appended once however often the call is repeated; null: it is new.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">It is not recorded; the action must not be done.</exception>
    public async Task AppendAsync(AuditEvent entry, string? id = null, CancellationToken cancellationToken = default)
    {
        var properties = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["At"] = entry.At,
            ["Actor"] = entry.Actor,
            ["Action"] = entry.Action,
            ["Target"] = entry.Target,
        };
        foreach (var (name, value) in entry.Details)
            properties[DetailPrefix + name] = value.Length <= MaxDetailLength ? value
                : throw new ArgumentException($"Detail '{name}' is too long.", nameof(entry));
        // Events of the same tick stay apart by the random end.
        var row = entry.At.UtcTicks.ToString("D19", CultureInfo.InvariantCulture) + "-"
            + (id ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        var result = await store.CommitAsync(Table, PartitionOf(entry.At), [TableChange.Insert(row, properties)], cancellationToken);
        // "Already exists" can only be this same event: a commit whose answer was lost, or an earlier call.
        if (result.Status == CommitStatus.Conflict) throw new StorageUnavailableException("The audit event could not be inserted.");
    }

    /// <summary>The events of a day (UTC), oldest first.</summary>
    /// <exception cref="StorageUnavailableException">The store cannot be used now.</exception>
    public async IAsyncEnumerable<AuditEvent> ReadDayAsync(DateOnly day,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var row in store.ReadAllAsync(Table, PartitionOf(day), RowRange.All, cancellationToken))
        {
            yield return new AuditEvent((DateTimeOffset)row.Properties["At"], (string)row.Properties["Actor"], (string)row.Properties["Action"],
                (string)row.Properties["Target"])
            {
                Details = row.Properties.Where(static property => property.Key.StartsWith(DetailPrefix, StringComparison.Ordinal))
                    .ToDictionary(static property => property.Key[DetailPrefix.Length..], static property => (string)property.Value, StringComparer.Ordinal),
            };
        }
    }

    /// <summary>Partition of the events of a day (UTC).</summary>
    internal static string PartitionOf(DateOnly day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string PartitionOf(DateTimeOffset at) => PartitionOf(DateOnly.FromDateTime(at.UtcDateTime));
}

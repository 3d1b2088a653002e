using System.Globalization;
using System.Security.Cryptography;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Core.Exports;

/// <summary>Which parts of which days are exported, and who writes which now. Stateless.</summary>
internal sealed class ExportProgress(ITableStore store, TimeProvider time)
{
    /// <summary>An attempt that takes longer was interrupted: another one may begin. Shorter than the hour from one run to the next.</summary>
    public static readonly TimeSpan ClaimLifetime = TimeSpan.FromMinutes(50);

    /// <summary>A part has more files than the hashes of which fit one value.</summary>
    private const int HashesPerValue = TableLimits.MaxValueBytes / SHA256.HashSizeInBytes;

    private const string ClaimedUntil = "ClaimedUntil";

    /// <summary>What is done of a day.</summary>
    public async Task<ExportedDay> ReadAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var parts = new List<ExportedPart>();
        var complete = false;
        await foreach (var row in store.ReadAllAsync(ExportLayout.Table, ExportLayout.DayName(day), RowRange.All, cancellationToken))
        {
            if (row.Row == ExportLayout.ManifestRow) complete = true;
            else if (row.Row == ExportLayout.ManifestBegunRow) continue;
            else if (!row.Properties.ContainsKey(ClaimedUntil)) parts.Add(Decode(row));
        }
        return new ExportedDay(complete, parts);
    }

    /// <summary>The ETag of the claim; null: another attempt has the part, or has done it.</summary>
    public async Task<string?> TryClaimAsync(DateOnly day, string part, string attempt, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = await store.GetAsync(ExportLayout.Table, ExportLayout.DayName(day), part, cancellationToken);
        if (row is not null && (!row.Properties.TryGetValue(ClaimedUntil, out var until) || (DateTimeOffset)until > now)) return null;
        var claim = new RowProperties(2);
        claim.Add(nameof(ExportedPart.Attempt), attempt);
        claim.Add(ClaimedUntil, now + ClaimLifetime);
        return await CommitAsync(day, row is null ? TableChange.Insert(part, claim) : TableChange.ReplaceIfMatch(part, row.ETag, claim), cancellationToken);
    }

    /// <summary>Gives a claim back, so that the next run need not wait for its end. Nothing happens when it was lost.</summary>
    public async Task ReleaseAsync(DateOnly day, string part, string claim, CancellationToken cancellationToken) =>
        await CommitAsync(day, TableChange.Delete(part, claim), cancellationToken);

    /// <summary>False: the claim was lost, and what was written does not count.</summary>
    public async Task<bool> TryFinishAsync(DateOnly day, ExportedPart part, string claim, CancellationToken cancellationToken) =>
        await CommitAsync(day, TableChange.ReplaceIfMatch(part.Name, claim, Encode(part)), cancellationToken) is not null;

    /// <summary>Notes that a manifest is about to be written. False: it was noted before, so that one may be there already.</summary>
    public async Task<bool> TryBeginManifestAsync(DateOnly day, CancellationToken cancellationToken) =>
        await CommitAsync(day, TableChange.Insert(ExportLayout.ManifestBegunRow, new RowProperties(0)), cancellationToken) is not null;

    /// <summary>Notes that the day is done.</summary>
    public async Task CompleteAsync(DateOnly day, CancellationToken cancellationToken) =>
        await CommitAsync(day, TableChange.Upsert(ExportLayout.ManifestRow, new RowProperties(0)), cancellationToken);

    private async Task<string?> CommitAsync(DateOnly day, TableChange change, CancellationToken cancellationToken)
    {
        var result = await store.CommitAsync(ExportLayout.Table, ExportLayout.DayName(day), [change], cancellationToken);
        return result.Status == CommitStatus.Committed ? result.ETags[0] : null;
    }

    private static RowProperties Encode(ExportedPart part)
    {
        var row = new RowProperties(8);
        row.Add(nameof(part.Attempt), part.Attempt);
        row.Add(nameof(part.Files), part.Files.Count);
        foreach (var (number, some) in part.Files.Chunk(HashesPerValue).Index()) row.Add(HashesName(number), Join(some));
        row.Add(nameof(part.Rows), part.Rows);
        row.Add(nameof(part.Sums.Records), part.Sums.Records.Value);
        row.Add(nameof(part.Sums.Adjustments), part.Sums.Adjustments.Value);
        row.Add(nameof(part.Sums.Totals), part.Sums.Totals.Value);
        row.Add(nameof(part.Sums.Spent), part.Sums.Spent.Value);
        row.Add(nameof(part.Sums.Leased), part.Sums.Leased.Value);
        return row;
    }

    private static byte[] Join(byte[][] hashes)
    {
        var joined = new byte[hashes.Length * SHA256.HashSizeInBytes];
        for (var i = 0; i < hashes.Length; i++) hashes[i].CopyTo(joined, i * SHA256.HashSizeInBytes);
        return joined;
    }

    private static List<byte[]> ReadHashes(TableRow row)
    {
        var hashes = new List<byte[]>();
        for (var number = 0; row.Properties.TryGetValue(HashesName(number), out var some); number++)
            hashes.AddRange(((byte[])some).Chunk(SHA256.HashSizeInBytes));
        return hashes.Count == (int)row.Properties[nameof(ExportedPart.Files)] ? hashes
            : throw new InvalidDataException($"Part {row.Row} lacks hashes of files.");
    }

    private static string HashesName(int number) => string.Create(CultureInfo.InvariantCulture, $"Hashes{number}");

    private static ExportedPart Decode(TableRow row)
    {
        NanoDollars Money(string name) => new((long)row.Properties[name]);
        return new ExportedPart(row.Row, (string)row.Properties[nameof(ExportedPart.Attempt)], ReadHashes(row),
            (long)row.Properties[nameof(ExportedPart.Rows)], new ExportSums(Money(nameof(ExportSums.Records)), Money(nameof(ExportSums.Adjustments)),
                Money(nameof(ExportSums.Totals)), Money(nameof(ExportSums.Spent)), Money(nameof(ExportSums.Leased))));
    }
}

/// <summary>What is exported of a day.</summary>
/// <param name="IsComplete">All of it.</param>
/// <param name="Parts">The parts that are done.</param>
internal sealed record ExportedDay(bool IsComplete, IReadOnlyList<ExportedPart> Parts)
{
    public bool Has(string part) => Parts.Any(done => done.Name == part);
}

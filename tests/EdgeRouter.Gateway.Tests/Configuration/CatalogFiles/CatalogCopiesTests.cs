using System.Security.Cryptography;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Configuration.CatalogFiles;

public sealed class CatalogCopiesTests
{
    private const string File = "https://acme.blob.core.windows.net/catalogs/own.json";
    private readonly ShortPages store = new();
    private readonly CatalogCopies copies;

    public CatalogCopiesTests() => copies = new CatalogCopies(store);

    [Theory]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(2_000_000)]
    public async Task Copy_is_what_was_kept_last_whether_it_is_larger_or_smaller_than_before(int bytes)
    {
        foreach (var length in (int[])[700_000, bytes])
        {
            // Random bytes do not get smaller by compression.
            var json = RandomNumberGenerator.GetBytes(length);
            await copies.KeepAsync(File, json, default);
            Assert.Equal(json, await copies.ReadAsync(File, default));
        }
    }

    [Fact]
    public async Task Each_file_has_a_copy_of_its_own_and_an_unknown_one_has_none()
    {
        await copies.KeepAsync(File, new byte[] { 1 }, default);
        await copies.KeepAsync(File + "2", new byte[] { 2 }, default);
        Assert.Equal([1], await copies.ReadAsync(File, default));
        Assert.Null(await copies.ReadAsync(File + "3", default));
    }

    [Fact]
    public async Task What_does_not_fit_one_commit_is_refused_and_the_copy_before_stays()
    {
        await copies.KeepAsync(File, new byte[] { 1 }, default);
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            copies.KeepAsync(File, RandomNumberGenerator.GetBytes(CatalogCopies.MaxBytes), default).AsTask());
        Assert.Equal([1], await copies.ReadAsync(File, default));
    }

    [Fact]
    public async Task Largest_copy_fits_the_4_MiB_of_a_commit_to_Table_Storage_as_base64()
    {
        await copies.KeepAsync(File, RandomNumberGenerator.GetBytes(CatalogCopies.MaxBytes - 4096), default);
        var bytes = store.Committed!.SelectMany(change => change.Properties!.Values).OfType<byte[]>().Sum(value => (value.Length + 2L) / 3 * 4);
        // Beside them: names, keys and headers of a few rows.
        Assert.InRange(bytes, 1, 4 * 1024 * 1024 - 256 * 1024);
    }

    [Fact]
    public async Task Copy_that_is_not_what_was_kept_is_refused()
    {
        var json = RandomNumberGenerator.GetBytes(700_000);
        await copies.KeepAsync(File, json, default);
        var kept = store.Committed!;
        await copies.KeepAsync(File, RandomNumberGenerator.GetBytes(700_000), default);
        var other = store.Committed!;
        // The first row of one, hash included, and the second of the other: what a commit that was undone by hand leaves.
        await store.CommitAsync(CatalogCopies.Table, store.Partition!, [kept[0]]);
        await Assert.ThrowsAsync<InvalidDataException>(() => copies.ReadAsync(File, default).AsTask());
        // A hash of another content.
        var properties = new Dictionary<string, object>(kept[0].Properties!, StringComparer.Ordinal) { ["Hash"] = other[0].Properties!["Hash"] };
        await store.CommitAsync(CatalogCopies.Table, store.Partition!, [TableChange.Upsert(kept[0].Row, properties), kept[1]]);
        await Assert.ThrowsAsync<InvalidDataException>(() => copies.ReadAsync(File, default).AsTask());
        await store.CommitAsync(CatalogCopies.Table, store.Partition!, kept);
        Assert.Equal(json, await copies.ReadAsync(File, default));
    }

    /// <summary>Has one row on a page, as Table Storage may.</summary>
    private sealed class ShortPages : ITableStore
    {
        private readonly MemoryTableStore inner = new();

        public string? Partition { get; private set; }

        public IReadOnlyList<TableChange>? Committed { get; private set; }

        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
            inner.GetAsync(table, partition, row, cancellationToken);

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) => inner.QueryAsync(table, partition, range, 1, continuation, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default)
        {
            (Partition, Committed) = (partition, changes);
            return inner.CommitAsync(table, partition, changes, cancellationToken);
        }
    }
}

using System.Security.Cryptography;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Configuration.CatalogFiles;

public sealed class CatalogCopiesTests
{
    private const string File = "https://acme.blob.core.windows.net/catalogs/own.json";
    private readonly MemoryTableStore store = new();
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
    public async Task Copy_comes_back_whole_and_is_replaced_whole_when_the_store_answers_in_short_pages()
    {
        var paged = new CatalogCopies(new ShortPages(store));
        var json = RandomNumberGenerator.GetBytes(1_800_000);
        await paged.KeepAsync(File, json, default);
        Assert.Equal(json, await paged.ReadAsync(File, default));

        await paged.KeepAsync(File, new byte[] { 1 }, default);

        Assert.Equal([1], await paged.ReadAsync(File, default));
        var partition = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(File)));
        Assert.Single((await store.QueryAsync(CatalogCopies.Table, partition, RowRange.All)).Rows);
    }

    [Fact]
    public async Task Copy_that_is_not_what_was_kept_is_damaged()
    {
        await copies.KeepAsync(File, RandomNumberGenerator.GetBytes(100), default);
        var partition = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(File)));
        var row = Assert.Single((await store.QueryAsync(CatalogCopies.Table, partition, RowRange.All)).Rows);
        var changed = new Dictionary<string, object>(row.Properties) { ["Hash"] = "another" };
        await store.CommitAsync(CatalogCopies.Table, partition, [TableChange.Upsert(row.Row, changed)]);

        await Assert.ThrowsAsync<InvalidDataException>(() => copies.ReadAsync(File, default).AsTask());
    }

    [Fact]
    public async Task What_does_not_fit_one_commit_is_refused_and_the_copy_before_stays()
    {
        await copies.KeepAsync(File, new byte[] { 1 }, default);
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            copies.KeepAsync(File, RandomNumberGenerator.GetBytes(CatalogCopies.MaxBytes), default).AsTask());
        Assert.Equal([1], await copies.ReadAsync(File, default));
    }

    /// <summary>A page may have fewer rows than it may have, and yet not be the last.</summary>
    private sealed class ShortPages(MemoryTableStore rows) : ITableStore
    {
        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
            rows.GetAsync(table, partition, row, cancellationToken);

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) => rows.QueryAsync(table, partition, range, 1, continuation, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default) => rows.CommitAsync(table, partition, changes, cancellationToken);
    }
}

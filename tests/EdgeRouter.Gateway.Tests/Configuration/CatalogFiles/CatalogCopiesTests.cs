using System.Security.Cryptography;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Configuration.CatalogFiles;

public sealed class CatalogCopiesTests
{
    private const string File = "https://acme.blob.core.windows.net/catalogs/own.json";
    private readonly CatalogCopies copies = new(new MemoryTableStore());

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
}

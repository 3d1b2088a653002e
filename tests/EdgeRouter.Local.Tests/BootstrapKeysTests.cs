using EdgeRouter.Core.Governance;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Local.Tests;

public sealed class BootstrapKeysTests
{
    private readonly MemoryTableStore store = new MemoryTableStore();

    [Fact]
    public async Task First_start_generates_both_keys_and_shows_them()
    {
        var keys = await BootstrapKeys.LoadAsync(Settings(), store, renew: false);

        Assert.Equal(2, keys.Notes.Count);
        Assert.Contains(keys.Inference!, keys.Notes[0], StringComparison.Ordinal);
        Assert.Equal(KeyKind.Inference, keys.Ring.Find(ApiKeyText.Hash(keys.Inference!))!.Kind);
    }

    [Fact]
    public async Task Second_start_knows_the_same_keys_and_shows_none()
    {
        var first = await BootstrapKeys.LoadAsync(Settings(), store, renew: false);

        var second = await BootstrapKeys.LoadAsync(Settings(), store, renew: false);

        Assert.Null(second.Inference);
        Assert.NotNull(second.Ring.Find(ApiKeyText.Hash(first.Inference!)));
        Assert.DoesNotContain(second.Notes, note => note.Contains(ApiKeyText.Prefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renewal_makes_the_old_keys_worthless()
    {
        var first = await BootstrapKeys.LoadAsync(Settings(), store, renew: false);

        var second = await BootstrapKeys.LoadAsync(Settings(), store, renew: true);

        Assert.Null(second.Ring.Find(ApiKeyText.Hash(first.Inference!)));
        Assert.NotNull(second.Ring.Find(ApiKeyText.Hash(second.Inference!)));
    }

    [Fact]
    public async Task Configured_keys_are_taken_and_neither_stored_nor_shown()
    {
        const string Key = "sk-configured-0123456789";

        var keys = await BootstrapKeys.LoadAsync(Settings(("Keys:Inference", Key), ("Keys:Management", Key + "-m")), store, renew: false);

        Assert.Empty(keys.Notes);
        Assert.NotNull(keys.Ring.Find(ApiKeyText.Hash(Key)));
        Assert.Null(await store.GetAsync("keys", "bootstrap", "inference"));
    }

    private static RouterSettings Settings(params (string Path, string Value)[] settings) =>
        RouterSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("EdgeRouter:" + setting.Path, (string?)setting.Value))).Build());
}

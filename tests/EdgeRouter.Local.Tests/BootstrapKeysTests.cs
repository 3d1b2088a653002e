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
    public async Task First_start_generates_both_keys_and_shows_each_once()
    {
        var keys = await BootstrapKeys.LoadAsync(Settings(), store, renew: false);

        var inference = keys.Ring.Find(ApiKeyText.Hash(KeyIn(keys, "inference")))!;
        Assert.Equal((KeyKind.Inference, "inference"), (inference.Kind, inference.Id));
        Assert.Equal("management", keys.Ring.Find(ApiKeyText.Hash(KeyIn(keys, "management")))!.Id);
        Assert.Equal(2, keys.Notes.Count);
    }

    [Fact]
    public async Task Second_start_knows_the_same_keys_and_shows_none()
    {
        var first = await BootstrapKeys.LoadAsync(Settings(), store, renew: false);

        var second = await BootstrapKeys.LoadAsync(Settings(), store, renew: false);

        Assert.Equal("inference", second.Ring.Find(ApiKeyText.Hash(KeyIn(first, "inference")))!.Id);
        Assert.DoesNotContain(second.Notes, note => note.Contains(ApiKeyText.Prefix, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renewal_makes_the_old_keys_worthless_and_keeps_the_identity()
    {
        var first = await BootstrapKeys.LoadAsync(Settings(), store, renew: false);

        var second = await BootstrapKeys.LoadAsync(Settings(), store, renew: true);

        Assert.Null(second.Ring.Find(ApiKeyText.Hash(KeyIn(first, "inference"))));
        Assert.Equal("inference", second.Ring.Find(ApiKeyText.Hash(KeyIn(second, "inference")))!.Id);
    }

    [Fact]
    public async Task Configured_keys_are_taken_and_neither_stored_nor_shown()
    {
        const string Key = "sk-configured-0123456789";

        var keys = await BootstrapKeys.LoadAsync(Settings(("Keys:Inference", Key), ("Keys:Management", Key + "-m")), store, renew: false);

        Assert.Empty(keys.Notes);
        Assert.Equal("inference", keys.Ring.Find(ApiKeyText.Hash(Key))!.Id);
        Assert.Null(await store.GetAsync("keys", "bootstrap", "inference"));
    }

    [Fact]
    public async Task Next_key_of_the_settings_is_good_beside_the_generated_one_and_is_the_same_caller()
    {
        const string Key = "sk-configured-0123456789";

        var keys = await BootstrapKeys.LoadAsync(Settings(("Keys:InferenceNext", Key), ("Budgets:Inference:Limit", "1")), store, renew: false);

        var generated = keys.Ring.Find(ApiKeyText.Hash(KeyIn(keys, "inference")))!;
        var next = keys.Ring.Find(ApiKeyText.Hash(Key))!;
        Assert.Equal(generated.Id, next.Id);
        Assert.Equal(generated.Limits, next.Limits);
        Assert.Single(keys.Ring.Limits);
        Assert.DoesNotContain(keys.Notes, note => note.Contains(Key, StringComparison.Ordinal));
    }

    private static string KeyIn(BootstrapKeys keys, string name)
    {
        var prefix = name + " key: ";
        return Assert.Single(keys.Notes, note => note.StartsWith(prefix + ApiKeyText.Prefix, StringComparison.Ordinal))[prefix.Length..];
    }

    private static RouterSettings Settings(params (string Path, string Value)[] settings) =>
        RouterSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("EdgeRouter:" + setting.Path, (string?)setting.Value))).Build());
}

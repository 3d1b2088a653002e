using EdgeRouter.Core.Governance;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Authentication;

public sealed class KeyRingTests
{
    private const string Inference = "sk-inference-0123456789";
    private const string Management = "sk-management-0123456789";
    private static readonly KeyRing Ring = new([KeyRing.CallerOf(Inference, KeyKind.Inference), KeyRing.CallerOf(Management, KeyKind.Management)]);

    [Fact]
    public void Known_key_gives_its_caller_with_hash_and_shortened_label()
    {
        var caller = Ring.Find(ApiKeyText.Hash(Management))!;

        Assert.Equal(KeyKind.Management, caller.Kind);
        Assert.Equal(Convert.ToHexStringLower(ApiKeyText.Hash(Management)), caller.KeyHash);
        Assert.Equal("sk-...789", caller.Label);
    }

    [Fact]
    public void Unknown_key_gives_nobody() => Assert.Null(Ring.Find(ApiKeyText.Hash(Inference + "x")));

    [Fact]
    public void Same_key_for_both_kinds_is_refused() =>
        Assert.Throws<ArgumentException>(() => new KeyRing([KeyRing.CallerOf(Inference, KeyKind.Inference), KeyRing.CallerOf(Inference, KeyKind.Management)]));

    [Fact]
    public void Two_keys_of_one_kind_are_one_caller_with_one_budget()
    {
        var settings = Read(("Keys:Inference", Inference), ("Keys:InferenceNext", Inference + "-next"), ("Keys:Management", Management),
            ("Keys:ManagementNext", Management), ("Budgets:Inference:Limit", "1"));
        var ring = new KeyRing(KeyRing.CallersOf(settings.Keys).Select(settings.Budgets.Bound));

        var (first, next) = (ring.Find(ApiKeyText.Hash(Inference))!, ring.Find(ApiKeyText.Hash(Inference + "-next"))!);
        Assert.Equal(("inference", "inference"), (first.Id, next.Id));
        Assert.NotEqual(first.KeyHash, next.KeyHash);
        Assert.Equal(first.Limits, next.Limits);
        Assert.Single(ring.Limits);
        Assert.Equal(("management", KeyKind.Management), (ring.Find(ApiKeyText.Hash(Management))!.Id, ring.Find(ApiKeyText.Hash(Management))!.Kind));
    }

    [Theory]
    [InlineData("Keys:Inference", "Keys:Management", "EdgeRouter__Keys__Management: expected another key than EdgeRouter__Keys__Inference")]
    [InlineData("Keys:InferenceNext", "Keys:Management", "EdgeRouter__Keys__Management: expected another key than EdgeRouter__Keys__InferenceNext")]
    [InlineData("Keys:Inference", "Keys:ManagementNext", "EdgeRouter__Keys__ManagementNext: expected another key than EdgeRouter__Keys__Inference")]
    public void Settings_with_one_key_for_both_kinds_are_refused(string one, string other, string expected) =>
        Assert.Equal([expected], Assert.Throws<SettingsException>(() => Read((one, Inference), (other, Inference))).Faults);

    [Fact]
    public void Short_key_is_not_shown_in_part() => Assert.Equal("***", ApiKeyText.Shorten("0123456789"));

    [Fact]
    public void Generated_keys_differ_and_can_be_sent_in_a_header()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKeyText.Generate()).ToHashSet();

        Assert.Equal(100, keys.Count);
        Assert.All(keys, key => Assert.False(key.AsSpan().ContainsAnyExceptInRange('!', '~')));
    }

    private static RouterSettings Read(params (string Path, string Value)[] settings) =>
        RouterSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("EdgeRouter:" + setting.Path, (string?)setting.Value))).Build());
}

using EdgeRouter.Core.Governance;
using EdgeRouter.Gateway.Authentication;
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
        Assert.Equal("sk-managemen...789", caller.Label);
    }

    [Fact]
    public void Unknown_key_gives_nobody() => Assert.Null(Ring.Find(ApiKeyText.Hash(Inference + "x")));

    [Fact]
    public void Same_key_for_both_kinds_is_refused() =>
        Assert.Throws<ArgumentException>(() => new KeyRing([KeyRing.CallerOf(Inference, KeyKind.Inference), KeyRing.CallerOf(Inference, KeyKind.Management)]));

    [Fact]
    public void Short_key_is_not_shown_in_part() => Assert.Equal("***", ApiKeyText.Shorten("0123456789"));

    [Fact]
    public void Generated_keys_differ_and_can_be_sent_in_a_header()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => ApiKeyText.Generate()).ToHashSet();

        Assert.Equal(100, keys.Count);
        Assert.All(keys, key => Assert.False(key.AsSpan().ContainsAnyExceptInRange('!', '~')));
    }
}

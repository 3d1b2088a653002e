using EdgeRouter.Core.Catalog;
using Xunit;

namespace EdgeRouter.Core.Tests.Catalog.Names;

/// <summary>What names that are no ids stand for.</summary>
public sealed class ModelNamesTests
{
    private static readonly CatalogSnapshot Catalog = NamesFixture.Catalog(
        ["wise/owl-4o: alpha=owl-4o", "wise/owl-4o-2024-08-06: alpha=owl-4o-2024-08-06", "wise/owl-5: alpha=owl-5-main",
         "calm/bear-4.5: beta=bear-4-5-20251001, cloud=eu.calm.bear-4-5-20251001-v1:0", "calm/bear-5: beta=bear-5",
         "fast/hare-2501: beta=hare-2501", "fast/hare-2508: beta=hare-2508", "fast/hare-oss:free: beta=free-hare",
         "big/ox-large: beta=ox-large", "big/ox-large-2407: beta=ox-large-2407", "big/ox-large-2512: beta=ox-large-2512",
         "big/ox-8b-instruct: cloud=accounts/cloud/models/ox-8b-fast", "tiny/mouse-1: beta=mouse", "wild/mouse-1: beta=mouse-wild",
         "mine/support: alpha=bear-5, beta=private"],
        unserved: ["far/whale-4o", "far/whale-4o-2024-08-06", "wild/owl-5"]);

    [Theory]
    [InlineData("owl-4o", "wise/owl-4o")]
    [InlineData("OWL-4O", "wise/owl-4o")]
    [InlineData("owl-5", "wise/owl-5")]
    [InlineData("owl-5-main", "wise/owl-5")]
    [InlineData("owl-4o-2024-08-06", "wise/owl-4o-2024-08-06")]
    [InlineData("owl-4o-20240806", "wise/owl-4o-2024-08-06")]
    [InlineData("bear-4-5", "calm/bear-4.5")]
    [InlineData("bear-4.5", "calm/bear-4.5")]
    [InlineData("calm/bear-4-5", "calm/bear-4.5")]
    [InlineData("bear-4-5-20251001", "calm/bear-4.5")]
    [InlineData("bear-4.5@20251001", "calm/bear-4.5")]
    [InlineData("calm/bear-4.5-20251001", "calm/bear-4.5")]
    [InlineData("eu.calm.bear-4-5-20251001-v1:0", "calm/bear-4.5")]
    [InlineData("bear-4-5-latest", "calm/bear-4.5")]
    [InlineData("bear-5-20261101", "calm/bear-5")]
    [InlineData("hare-oss:free", "fast/hare-oss:free")]
    [InlineData("ox-large", "big/ox-large")]
    [InlineData("ox-large-latest", "big/ox-large-2512")]
    [InlineData("ox-8b-fast", "big/ox-8b-instruct")]
    [InlineData("accounts/cloud/models/ox-8b-fast", "big/ox-8b-instruct")]
    [InlineData("private", "mine/support")]
    [InlineData("tiny/mouse-1", "tiny/mouse-1")]
    public void Name_that_can_mean_one_model_finds_it(string name, string expected) => Assert.Equal(expected, Catalog.Names.Find(name).Model?.Id);

    [Fact]
    public void A_models_own_name_wins_over_a_providers_name_of_another() => Assert.Equal("calm/bear-5", Catalog.Names.Find("bear-5").Model?.Id);

    [Theory]
    [InlineData("hare", "fast/hare-2501 fast/hare-2508")]
    [InlineData("fast/hare", "fast/hare-2501 fast/hare-2508")]
    [InlineData("mouse-1", "tiny/mouse-1 wild/mouse-1")]
    public void Name_that_can_mean_several_models_finds_none_and_lists_them(string name, string candidates)
    {
        var match = Catalog.Names.Find(name);

        Assert.Null(match.Model);
        Assert.Equal(candidates, string.Join(' ', match.Candidates!));
    }

    [Theory]
    [InlineData("whale-4o", "far/whale-4o")]
    [InlineData("far/whale-4o", "far/whale-4o")]
    [InlineData("whale-4o-2024-08-06", "far/whale-4o-2024-08-06")]
    public void Name_of_a_model_that_nobody_serves_says_so(string name, string id)
    {
        var match = Catalog.Names.Find(name);

        Assert.Null(match.Model);
        Assert.Equal(id, match.Unserved?.Id);
    }

    [Theory]
    [InlineData("owl-4o-2025-01-01")] // another date of a model whose dates are known is another model
    [InlineData("bear-4-5-20240101")]
    [InlineData("ox-large-2411")]
    [InlineData("owl")]
    [InlineData("bear")]
    [InlineData("wild/bear-5")]
    [InlineData("free-hare:free")]
    [InlineData("latest")]
    [InlineData("-latest")]
    [InlineData("2024-08-06")]
    [InlineData("")]
    [InlineData("/")]
    public void Name_of_nothing_finds_nothing(string name) => Assert.Equal(default, Catalog.Names.Find(name));

    [Fact]
    public void An_endless_name_finds_nothing() => Assert.Equal(default, Catalog.Names.Find(new string('x', 100_000)));

    [Theory]
    [InlineData("ow-4o", "wise/owl-4o")]
    [InlineData("bear-4.5-x", "calm/bear-4.5")]
    [InlineData("4.5-bear", "calm/bear-4.5")]
    [InlineData("wild/bear-5", "calm/bear-5")]
    [InlineData("owl-4o-2025-01-01", "wise/owl-4o wise/owl-4o-2024-08-06")]
    [InlineData("ox-8b", "big/ox-8b-instruct")]
    [InlineData("zebra-9000-ultra", "")]
    [InlineData("", "")]
    public void Near_miss_gets_the_closest_served_models(string name, string expected) => Assert.Equal(expected, string.Join(' ', Catalog.Names.Suggest(name)));

    [Fact]
    public void A_near_miss_of_many_gets_three()
    {
        var catalog = NamesFixture.Catalog([.. Enumerable.Range(0, 500).Select(i => $"acme/model-{i}: alpha=m{i}")]);

        Assert.Equal(3, catalog.Names.Suggest("model-x").Count);
    }

    [Fact]
    public void A_lookup_of_another_name_allocates_nothing()
    {
        Catalog.Names.Find("bear-4-5-20251001");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Assert.NotNull(Catalog.Names.Find("bear-4-5-20251001").Model);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}

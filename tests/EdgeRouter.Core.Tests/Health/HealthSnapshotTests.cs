using EdgeRouter.Core.Health;
using EdgeRouter.Core.Health.Snapshots;
using Xunit;

namespace EdgeRouter.Core.Tests.Health;

/// <summary>The laws of merging, over random snapshots, and the encoding.</summary>
public sealed class HealthSnapshotTests
{
    [Fact]
    public void Merge_is_commutative_associative_and_idempotent()
    {
        var random = new Random(23);
        for (var round = 0; round < 300; round++)
        {
            HealthSnapshot a = Random(random), b = Random(random), c = Random(random);

            Same(a.Merge(b), b.Merge(a));
            Same(a.Merge(b).Merge(c), a.Merge(b.Merge(c)));
            Same(a.Merge(a), a);
            Same(a.Merge(b).Merge(b), a.Merge(b));
            Same(HealthSnapshot.Empty.Merge(a), a);
        }
    }

    [Fact]
    public void Any_order_of_arrival_gives_the_latest_state_of_each_instance()
    {
        var states = Enumerable.Range(1, 8).Select(sequence => Instance("one", sequence)).ToArray();
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            random.Shuffle(states);

            var merged = states.Aggregate(HealthSnapshot.Empty, (all, state) => all.With(state));

            Assert.Equal(8, Assert.Single(merged.Instances).Sequence);
        }
    }

    [Fact]
    public void Encoding_comes_back_as_it_was()
    {
        var random = new Random(9);
        var before = new InstanceHealth("one", 3, 99, new Dictionary<string, EndpointCounts>
        {
            ["acme/one@alpha"] = Counts(random),
            ["acme/two@βeta/turbo"] = Counts(random),
        });

        var after = InstanceHealthEncoding.Decode(InstanceHealthEncoding.Encode(before));

        Assert.Equal(before.Endpoints.Keys.Order(), after.Keys.Order());
        foreach (var (id, counts) in before.Endpoints)
        {
            Assert.Equal(counts.Limits, after[id].Limits);
            Assert.Equal(counts.FiveMinutes, after[id].FiveMinutes);
            Assert.Equal(counts.ThirtyMinutes, after[id].ThirtyMinutes);
            Assert.Equal(counts.OneDay, after[id].OneDay);
        }
    }

    [Fact]
    public void Encoding_is_bounded_and_keeps_the_busiest_endpoints()
    {
        var random = new Random(9);
        var endpoints = Enumerable.Range(0, 3000).ToDictionary(i => $"acme/model{i}@alpha", i =>
        {
            var counts = Counts(random);
            counts.OneDay[0] = i + 1;
            return counts;
        });

        var encoded = InstanceHealthEncoding.Encode(new InstanceHealth("one", 1, 1, endpoints));

        Assert.InRange(encoded.Length, 1, InstanceHealthEncoding.MaxBytes);
        var decoded = InstanceHealthEncoding.Decode(encoded);
        Assert.InRange(decoded.Count, 100, 2999);
        Assert.Contains("acme/model2999@alpha", decoded.Keys);
    }

    [Fact]
    public void Every_truncation_and_random_damage_is_a_typed_error_or_a_bounded_result()
    {
        var random = new Random(31);
        var encoded = InstanceHealthEncoding.Encode(
            new InstanceHealth("one", 1, 1, new Dictionary<string, EndpointCounts> { ["acme/one@alpha"] = Counts(random) }));
        for (var round = 0; round < 2000; round++)
        {
            var damaged = encoded[..random.Next(encoded.Length)];
            if (damaged.Length > 0) damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            if (Record.Exception(() => InstanceHealthEncoding.Decode(damaged)) is { } fault) Assert.IsType<InvalidDataException>(fault);
        }
    }

    private static void Same(HealthSnapshot left, HealthSnapshot right) =>
        Assert.Equal(left.Instances.Select(instance => (instance.Instance, instance.Sequence)).Order(),
            right.Instances.Select(instance => (instance.Instance, instance.Sequence)).Order());

    private static HealthSnapshot Random(Random random) =>
        Enumerable.Range(0, random.Next(6)).Aggregate(HealthSnapshot.Empty, (all, _) => all.With(Instance($"i{random.Next(4)}", random.Next(1, 6))));

    private static InstanceHealth Instance(string name, long sequence) => new(name, sequence, sequence, new Dictionary<string, EndpointCounts>());

    private static EndpointCounts Counts(Random random)
    {
        return new EndpointCounts(Row(), Row(), Row(), new SharedLimits(random.NextInt64(), random.NextInt64(), random.NextDouble()));

        int[] Row()
        {
            var row = new int[HealthCells.Width];
            for (var i = 0; i < 60; i++) row[random.Next(row.Length)] = random.Next(100_000);
            return row;
        }
    }
}

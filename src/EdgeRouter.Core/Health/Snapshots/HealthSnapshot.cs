using System.Collections.Immutable;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>
/// What is known of all instances. Immutable. Snapshots merge in any order and any number of times to the same result: per instance the latest
/// sequence wins.
/// </summary>
internal sealed class HealthSnapshot
{
    private readonly ImmutableDictionary<string, InstanceHealth> byInstance;

    private HealthSnapshot(ImmutableDictionary<string, InstanceHealth> byInstance) => this.byInstance = byInstance;

    /// <summary>Nothing known.</summary>
    public static HealthSnapshot Empty { get; } = new(ImmutableDictionary.Create<string, InstanceHealth>(StringComparer.Ordinal));

    /// <summary>The instances.</summary>
    public IEnumerable<InstanceHealth> Instances => byInstance.Values;

    /// <summary>Sequence known of an instance; -1: none.</summary>
    public long SequenceOf(string instance) => byInstance.TryGetValue(instance, out var known) ? known.Sequence : -1;

    /// <summary>With one more instance, or a later state of one.</summary>
    public HealthSnapshot With(InstanceHealth instance) => instance.Sequence <= SequenceOf(instance.Instance)
        ? this : new HealthSnapshot(byInstance.SetItem(instance.Instance, instance));

    /// <summary>Both together.</summary>
    public HealthSnapshot Merge(HealthSnapshot other)
    {
        var merged = this;
        foreach (var instance in other.Instances) merged = merged.With(instance);
        return merged;
    }

    /// <summary>Without instances that are not among these.</summary>
    public HealthSnapshot Only(IReadOnlySet<string> present) => new(byInstance.RemoveRange(byInstance.Keys.Where(instance => !present.Contains(instance))));
}

namespace EdgeRouter.Core.Routing.Affinity;

/// <summary>
/// 64-bit hashes that are the same on every instance and at every start, unlike those of <see cref="string.GetHashCode()"/>. Not for secrets. Stateless.
/// </summary>
internal static class StableHash
{
    /// <summary>Hash of nothing.</summary>
    public const ulong Start = 14695981039346656037;

    /// <summary>FNV-1a over the UTF-16 units, then an end mark, so that parts do not run together.</summary>
    public static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        const ulong Prime = 1099511628211;
        foreach (var letter in text) hash = (hash ^ letter) * Prime;
        return (hash ^ 0xFFFF_FFFF) * Prime;
    }

    /// <summary>Spreads a hash over all bits (the finaliser of SplitMix64).</summary>
    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }

    /// <summary>A number above 0, at most 1, evenly spread.</summary>
    public static double ToUnit(ulong hash) => ((Mix(hash) >> 11) + 1) * (1.0 / (1UL << 53));
}

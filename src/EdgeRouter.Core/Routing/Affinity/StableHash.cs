using System.Buffers.Binary;
using System.Numerics;

namespace EdgeRouter.Core.Routing.Affinity;

/// <summary>
/// 64-bit hashes that are the same on every instance and at every start, unlike those of <see cref="string.GetHashCode()"/>. Not for secrets. Stateless.
/// </summary>
public static class StableHash
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

    /// <summary>Hash of the number of bytes and of the first 16 KB, which is enough to tell prompts apart and limits the time.</summary>
    public static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        const ulong Prime = 0x9E3779B97F4A7C15;
        const int MaxBytes = 16 * 1024;
        hash = (hash ^ (ulong)bytes.Length) * Prime;
        bytes = bytes[..Math.Min(bytes.Length, MaxBytes)];
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * Prime, 29);
        foreach (var last in bytes) hash = BitOperations.RotateLeft((hash ^ last) * Prime, 29);
        return hash;
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

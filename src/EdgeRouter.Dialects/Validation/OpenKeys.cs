using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>What <see cref="OpenKeys.Add"/> found.</summary>
internal enum KeyResult
{
    /// <summary>The object did not have the key.</summary>
    Added,

    /// <summary>The object has the key already.</summary>
    Duplicate,

    /// <summary>More keys are open than may be kept.</summary>
    TooMany,
}

/// <summary>
/// The keys of the objects that are open at one moment of a walk, as ranges of the body. Objects are opened and closed like a stack. An object with few
/// keys is searched; one with many is hashed, with a seed that callers do not know, so that no body makes the checks quadratic. Holds at most
/// <see cref="Most"/> keys, in arrays that are pooled from a few keys on. Not thread-safe.
/// </summary>
internal sealed class OpenKeys
{
    /// <summary>Most keys that are kept at once.</summary>
    public const int Most = 1 << 16;

    private const int Searched = 8;
    private const int Kept = 64;

    private readonly Key[] own = new Key[Kept];
    private Key[] keys;
    private int[] buckets = [];
    private int bucketCount;

    /// <summary>Starts empty.</summary>
    public OpenKeys() => keys = own;

    /// <summary>Number of keys, which also identifies the object opened next.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a key to the object opened last.</summary>
    /// <param name="body">The body.</param>
    /// <param name="opened">What <see cref="Count"/> was when the object was opened.</param>
    /// <param name="start">Where the key starts in the body, after its quote.</param>
    /// <param name="length">Its bytes, as written.</param>
    /// <param name="isEscaped">Whether it is written with escapes.</param>
    public KeyResult Add(ReadOnlySpan<byte> body, int opened, int start, int length, bool isEscaped)
    {
        if (Count == Most) return KeyResult.TooMany;
        if (Count == keys.Length) Grow();
        var key = new Key { Start = start, Length = length, IsEscaped = isEscaped };
        var siblings = Count - opened;
        if (siblings < Searched)
        {
            for (var i = opened; i < Count; i++)
                if (AreEqual(body, keys[i], key)) return KeyResult.Duplicate;
            keys[Count++] = key;
            return KeyResult.Added;
        }
        if (!keys[opened].IsLinked)
            for (var i = opened; i < Count; i++) Link(i, HashOf(body, keys[i], opened));
        var hash = HashOf(body, key, opened);
        // Keys of inner objects are gone, and those of outer ones stand before the object.
        for (var i = buckets[hash & (bucketCount - 1)] - 1; i >= opened; i = keys[i].Next)
            if (keys[i].Hash == hash && AreEqual(body, keys[i], key)) return KeyResult.Duplicate;
        keys[Count] = key;
        Link(Count++, hash);
        return KeyResult.Added;
    }

    /// <summary>Forgets the keys of the object opened last.</summary>
    public void Close(int opened)
    {
        if (Count > opened && keys[opened].IsLinked)
        {
            // Newest first: each is the head of its bucket.
            for (var i = Count - 1; i >= opened; i--) buckets[keys[i].Hash & (bucketCount - 1)] = keys[i].Next + 1;
        }
        Count = opened;
    }

    /// <summary>Forgets everything, and gives large arrays back.</summary>
    public void Clear()
    {
        Count = 0;
        if (!ReferenceEquals(keys, own)) ArrayPool<Key>.Shared.Return(keys);
        if (bucketCount > 0) ArrayPool<int>.Shared.Return(buckets);
        keys = own;
        buckets = [];
        bucketCount = 0;
    }

    private void Link(int index, int hash)
    {
        if (bucketCount == 0) Rent(Kept * 2);
        ref var bucket = ref buckets[hash & (bucketCount - 1)];
        keys[index].Hash = hash;
        keys[index].Next = bucket - 1;
        keys[index].IsLinked = true;
        bucket = index + 1;
    }

    private void Rent(int count)
    {
        buckets = ArrayPool<int>.Shared.Rent(count);
        buckets.AsSpan(0, count).Clear();
        bucketCount = count;
    }

    private void Grow()
    {
        var larger = ArrayPool<Key>.Shared.Rent(keys.Length * 2);
        keys.AsSpan(0, Count).CopyTo(larger);
        if (!ReferenceEquals(keys, own)) ArrayPool<Key>.Shared.Return(keys);
        keys = larger;
        if (bucketCount == 0) return;
        ArrayPool<int>.Shared.Return(buckets);
        Rent(bucketCount * 2);
        for (var i = 0; i < Count; i++)
            if (keys[i].IsLinked) Link(i, keys[i].Hash);
    }

    private static int HashOf(ReadOnlySpan<byte> body, Key key, int opened)
    {
        // The hash of strings is the one in the framework that has a secret seed; it takes two bytes for a character.
        if (!key.IsEscaped) return HashOf(body.Slice(key.Start, key.Length), opened);
        var plain = ArrayPool<byte>.Shared.Rent(key.Length);
        var hash = HashOf(plain.AsSpan(0, Unescape(body, key, plain)), opened);
        ArrayPool<byte>.Shared.Return(plain);
        return hash;
    }

    private static int HashOf(ReadOnlySpan<byte> key, int opened)
    {
        var hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(key), StringComparison.Ordinal);
        if (key.Length % 2 != 0) hash = (hash ^ key[^1]) * -1640531535;
        // The same key of an outer object goes elsewhere.
        return (hash ^ opened) * -1640531535 >>> 1;
    }

    private static bool AreEqual(ReadOnlySpan<byte> body, Key left, Key right)
    {
        if (!left.IsEscaped && !right.IsEscaped) return body.Slice(left.Start, left.Length).SequenceEqual(body.Slice(right.Start, right.Length));
        var plain = ArrayPool<byte>.Shared.Rent(left.Length + right.Length);
        var leftLength = Unescape(body, left, plain);
        var rightLength = Unescape(body, right, plain.AsSpan(leftLength));
        var equal = plain.AsSpan(0, leftLength).SequenceEqual(plain.AsSpan(leftLength, rightLength));
        ArrayPool<byte>.Shared.Return(plain);
        return equal;
    }

    private static int Unescape(ReadOnlySpan<byte> body, Key key, Span<byte> plain)
    {
        var reader = new Utf8JsonReader(body.Slice(key.Start - 1, key.Length + 2));
        reader.Read();
        return reader.CopyString(plain);
    }

    private struct Key
    {
        public int Start;
        public int Length;
        public int Hash;
        public int Next;
        public bool IsEscaped;
        public bool IsLinked;
    }
}

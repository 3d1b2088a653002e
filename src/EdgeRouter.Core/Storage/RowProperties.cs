using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace EdgeRouter.Core.Storage;

/// <summary>
/// Properties of a row in the order in which they were added: half the size of a dictionary, and as fast for the few that a row has. Filled by one
/// thread, then read by any.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Properties is the term of Table Storage.")]
public sealed class RowProperties(int capacity) : IReadOnlyDictionary<string, object>
{
    private KeyValuePair<string, object>[] entries = new KeyValuePair<string, object>[capacity];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>What was added, without the enumerator that the interface has to allocate.</summary>
    public ReadOnlySpan<KeyValuePair<string, object>> Entries => entries.AsSpan(0, Count);

    /// <inheritdoc/>
    public IEnumerable<string> Keys => this.Select(static entry => entry.Key);

    /// <inheritdoc/>
    public IEnumerable<object> Values => this.Select(static entry => entry.Value);

    /// <inheritdoc/>
    public object this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The row has no property '{key}'.");

    /// <summary>Adds a property; its name must not be there yet.</summary>
    public void Add(string name, object value)
    {
        if (Count == entries.Length) Array.Resize(ref entries, Math.Max(4, Count * 2));
        entries[Count++] = new KeyValuePair<string, object>(name, value);
    }

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value)
    {
        foreach (ref readonly var entry in Entries)
        {
            if (entry.Key != key) continue;
            value = entry.Value;
            return true;
        }
        value = null;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => entries.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Azure.Data.Tables;

/// <summary>Keys, timestamp and ETag are entries of the dictionary too, as in the package.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The package's name.")]
public sealed class TableEntity : ITableEntity, IDictionary<string, object>
{
    internal const string ETagName = "odata.etag";
    private readonly Dictionary<string, object> values;

    public TableEntity() => values = new(StringComparer.Ordinal);

    public TableEntity(IDictionary<string, object> values) => this.values = new(values, StringComparer.Ordinal);

    public TableEntity(string partitionKey, string rowKey)
        : this()
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    public string PartitionKey
    {
        get => (string)values[nameof(PartitionKey)];
        set => values[nameof(PartitionKey)] = value;
    }

    public string RowKey
    {
        get => (string)values[nameof(RowKey)];
        set => values[nameof(RowKey)] = value;
    }

    public DateTimeOffset? Timestamp
    {
        get => values.TryGetValue(nameof(Timestamp), out var value) ? (DateTimeOffset)value : null;
        set
        {
            if (value is { } time) values[nameof(Timestamp)] = time;
            else values.Remove(nameof(Timestamp));
        }
    }

    public ETag ETag
    {
        get => values.TryGetValue(ETagName, out var value) ? new ETag((string)value) : default;
        set => values[ETagName] = value.ToString();
    }

    public ICollection<string> Keys => values.Keys;

    ICollection<object> IDictionary<string, object>.Values => values.Values;

    public int Count => values.Count;

    bool ICollection<KeyValuePair<string, object>>.IsReadOnly => false;

    public object this[string key]
    {
        get => values.GetValueOrDefault(key)!;
        set => values[key] = value;
    }

    public void Add(string key, object value) => values.Add(key, value);

    public bool ContainsKey(string key) => values.ContainsKey(key);

    public bool Remove(string key) => values.Remove(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object value) => values.TryGetValue(key, out value);

    public void Clear() => values.Clear();

    void ICollection<KeyValuePair<string, object>>.Add(KeyValuePair<string, object> item) => values.Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<string, object>>.Contains(KeyValuePair<string, object> item) => ((ICollection<KeyValuePair<string, object>>)values)
        .Contains(item);

    void ICollection<KeyValuePair<string, object>>.CopyTo(KeyValuePair<string, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, object>>)values).CopyTo(array, arrayIndex);

    bool ICollection<KeyValuePair<string, object>>.Remove(KeyValuePair<string, object> item) => ((ICollection<KeyValuePair<string, object>>)values)
        .Remove(item);

    IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => values.GetEnumerator();
}

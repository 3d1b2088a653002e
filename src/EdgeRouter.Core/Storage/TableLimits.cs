using System.Buffers;
using System.Text;

namespace EdgeRouter.Core.Storage;

/// <summary>
/// What Table Storage accepts. Every <see cref="ITableStore"/> checks calls against it, so that code written on the embedded store also runs on Azure Tables.
/// Stateless. Checks throw <see cref="ArgumentException"/> naming the argument and what was expected.
/// </summary>
public static class TableLimits
{
    /// <summary>Largest number of changes in one commit.</summary>
    public const int MaxChanges = 100;

    /// <summary>Largest number of characters of a partition or row key (1 KiB of UTF-16).</summary>
    public const int MaxKeyLength = 512;

    /// <summary>Largest number of properties of a row.</summary>
    public const int MaxProperties = 252;

    /// <summary>Largest number of bytes of one string (counted as UTF-16) or binary value.</summary>
    public const int MaxValueBytes = 64 * 1024;

    /// <summary>Largest number of bytes of a row, keys and property names included.</summary>
    public const int MaxRowBytes = 1024 * 1024;

    /// <summary>Largest number of bytes of all rows of one commit.</summary>
    public const int MaxCommitBytes = 4 * 1024 * 1024;

    /// <summary>Largest number of rows of a page.</summary>
    public const int MaxPageRows = 1000;

    private const int MaxPropertyNameLength = 255;
    private static readonly SearchValues<char> PropertyNameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly DateTimeOffset EarliestTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>3 to 63 ASCII letters and digits, a letter first. Case does not distinguish tables.</summary>
    public static void CheckTable(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var valid = table.Length is >= 3 and <= 63 && char.IsAsciiLetter(table[0]);
        foreach (var letter in table) valid &= char.IsAsciiLetterOrDigit(letter);
        if (!valid) throw new ArgumentException($"The table name '{Shorten(table)}' must be 3 to 63 ASCII letters and digits, a letter first.", nameof(table));
    }

    /// <summary>
    /// 1 to 512 characters of well-formed text, without <c>/ \ # ?</c> and control characters. <see cref="TableKey.Escape"/> makes any text fit.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="name">What the error calls it: <c>partition</c> or <c>row</c>.</param>
    public static void CheckKey(string key, string name)
    {
        ArgumentNullException.ThrowIfNull(key, name);
        if (key.Length is 0 or > MaxKeyLength)
            throw new ArgumentException($"The {name} key has {key.Length} characters; 1 to {MaxKeyLength} are allowed.", name);
        for (var i = 0; i < key.Length; i++)
            if (TableKey.IsForbidden(key[i]))
                throw new ArgumentException(
                    $"The {name} key has the character U+{(int)key[i]:X4} at position {i}; '/', '\\', '#', '?' and control characters are not allowed.", name);
        if (!IsWellFormed(key)) throw new ArgumentException($"The {name} key has half of a surrogate pair.", name);
    }

    /// <summary>1 to 1000.</summary>
    public static void CheckPage(int limit)
    {
        if (limit is < 1 or > MaxPageRows) throw new ArgumentOutOfRangeException(nameof(limit), limit, $"A page has 1 to {MaxPageRows} rows.");
    }

    /// <summary>A whole commit: names, number of changes, each row at most once, ETags where needed, property names, types and sizes.</summary>
    public static void CheckCommit(string table, string partition, IReadOnlyList<TableChange> changes)
    {
        CheckTable(table);
        CheckKey(partition, nameof(partition));
        ArgumentNullException.ThrowIfNull(changes);
        if (changes.Count is 0 or > MaxChanges)
            throw new ArgumentException($"A commit has 1 to {MaxChanges} changes; this one has {changes.Count}.", nameof(changes));
        var rows = new HashSet<string>(changes.Count, StringComparer.Ordinal);
        long bytes = 0;
        foreach (var change in changes)
        {
            CheckKey(change.Row, "row");
            if (!rows.Add(change.Row)) throw new ArgumentException($"The row '{Shorten(change.Row)}' occurs twice in the commit.", nameof(changes));
            if (change.ETag is "" or "*" || (change.Kind == TableChangeKind.ReplaceIfMatch && change.ETag is null))
                throw new ArgumentException($"The change of row '{Shorten(change.Row)}' needs the ETag of a stored row.", nameof(changes));
            if (change.Kind != TableChangeKind.Delete) bytes += CheckRow(partition, change.Row, change.Properties);
        }
        if (bytes > MaxCommitBytes) throw new ArgumentException($"The commit has {bytes} bytes; at most {MaxCommitBytes} are allowed.", nameof(changes));
    }

    /// <summary>Properties of one row. Returns its size as Table Storage counts it.</summary>
    public static long CheckRow(string partition, string row, IReadOnlyDictionary<string, object>? properties)
    {
        if (properties is null) throw new ArgumentException($"The row '{Shorten(row)}' has no properties.", nameof(properties));
        if (properties.Count > MaxProperties)
            throw new ArgumentException($"The row '{Shorten(row)}' has {properties.Count} properties; at most {MaxProperties} are allowed.",
                nameof(properties));
        long bytes = 4 + 2L * (partition.Length + row.Length);
        if (properties is RowProperties plain)
            foreach (ref readonly var entry in plain.Entries) bytes += CheckProperty(entry.Key, entry.Value);
        else
            foreach (var (name, value) in properties) bytes += CheckProperty(name, value);
        if (bytes > MaxRowBytes)
            throw new ArgumentException($"The row '{Shorten(row)}' has {bytes} bytes; at most {MaxRowBytes} are allowed.", nameof(properties));
        return bytes;
    }

    private static long CheckProperty(string name, object value)
    {
        CheckPropertyName(name);
        return 8 + 2L * name.Length + SizeOf(name, value);
    }

    private static void CheckPropertyName(string name)
    {
        if (name.Length is 0 or > MaxPropertyNameLength || char.IsAsciiDigit(name[0]) || name.AsSpan().ContainsAnyExcept(PropertyNameCharacters))
            throw new ArgumentException(
                $"The property name '{Shorten(name)}' must be 1 to {MaxPropertyNameLength} ASCII letters, digits and underscores, no digit first.",
                nameof(name));
        if (name is "PartitionKey" or "RowKey" or "Timestamp") throw new ArgumentException($"The property name '{name}' is reserved.", nameof(name));
    }

    private static int SizeOf(string name, object value)
    {
        var bytes = value switch
        {
            string text when !IsWellFormed(text) => throw new ArgumentException($"The property '{name}' has half of a surrogate pair.", nameof(value)),
            string text => 4L + 2L * text.Length,
            byte[] binary => 4L + binary.Length,
            bool => 1,
            int => 4,
            double number when !double.IsFinite(number) => throw new ArgumentException($"The property '{name}' is not a finite number.", nameof(value)),
            long or double => 8,
            DateTimeOffset time when time < EarliestTime => throw new ArgumentException($"The property '{name}' is before the year 1601.", nameof(value)),
            DateTimeOffset => 8,
            Guid => 16,
            null => throw new ArgumentException($"The property '{name}' is null; leave it out.", nameof(value)),
            _ => throw new ArgumentException(
                $"The property '{name}' has the type {value.GetType().Name}; expected string, int, long, double, bool, DateTimeOffset, Guid or byte[].",
                nameof(value)),
        };
        if (bytes > MaxValueBytes + 4)
            throw new ArgumentException($"The property '{name}' has {bytes - 4} bytes; at most {MaxValueBytes} are allowed.", nameof(value));
        return (int)bytes;
    }

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var index = rest.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (index < 0) return true;
            if (Rune.DecodeFromUtf16(rest[index..], out _, out var consumed) != OperationStatus.Done) return false;
            rest = rest[(index + consumed)..];
        }
        return true;
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80];
}

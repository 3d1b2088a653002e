using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeRouter.Dialects.Validation;

/// <summary>true or false.</summary>
internal sealed class BooleanShape() : RequestShape("expected true or false")
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token is not (JsonTokenType.True or JsonTokenType.False)) cursor.Fail(Expected);
    }
}

/// <summary>A finite number in a closed range.</summary>
internal sealed class NumberShape(double min, double max)
    : RequestShape(max < double.MaxValue ? Invariant($"expected a number from {min} to {max}") : Invariant($"expected a number of at least {min}"))
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.Number || !cursor.TryGetDouble(out var value) || !(value >= min && value <= max)) cursor.Fail(Expected);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A whole number, written without fraction or exponent, in a closed range.</summary>
internal sealed class IntegerShape(long min, long max)
    : RequestShape(max >= int.MaxValue ? min == long.MinValue
        ? "expected an integer" : $"expected an integer of at least {min}" : $"expected an integer from {min} to {max}")
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.Number || !cursor.TryGetInt64(out var value) || value < min || value > max) cursor.Fail(Expected);
    }
}

/// <summary>A string, bounded in characters.</summary>
internal sealed class StringShape(int min = 0, int max = int.MaxValue) : RequestShape(Describe(min, max))
{
    /// <summary>Whether it counts as prompt text.</summary>
    public bool CountsAsText { get; init; }

    /// <summary>Bytes it may consist of; null: any.</summary>
    public SearchValues<byte>? Alphabet { get; init; }

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.String || !IsLengthAllowed(ref cursor)) cursor.Fail(Expected);
        if (Alphabet is not null && cursor.Value.ContainsAnyExcept(Alphabet)) cursor.Fail("expected only letters, digits, '_' and '-'");
        if (CountsAsText) cursor.Found.TextBytes += cursor.TextLength;
    }

    private bool IsLengthAllowed(ref RequestCursor cursor)
    {
        if (cursor.TextLength < min) return false;
        if (cursor.TextLength <= max) return true;
        // Bytes never undercount characters; a character takes at most 4. Only in between must they be counted.
        return cursor.TextLength <= 4L * max && cursor.GetString().Length <= max;
    }

    private static string Describe(int min, int max) => (min, max) switch
    {
        (0, int.MaxValue) => "expected a string",
        (_, int.MaxValue) => "expected a non-empty string",
        (0, _) => $"expected a string of at most {max} characters",
        _ => $"expected a string of {min} to {max} characters",
    };
}

/// <summary>One of a closed set of words.</summary>
internal sealed class WordShape(params string[] words)
    : RequestShape($"expected {(words.Length == 1 ? "" : "one of ")}{string.Join(", ", words.Select(word => $"'{word}'"))}")
{
    private readonly byte[][] words = [.. words.Select(Encoding.UTF8.GetBytes)];

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token == JsonTokenType.String)
        {
            foreach (var word in words)
                if (cursor.TextEquals(word)) return;
        }
        cursor.Fail(Expected);
    }
}

/// <summary>An amount of money: a number or a string that holds one; not negative.</summary>
internal sealed class PriceShape() : RequestShape("expected a price that is not negative, as a number or a string")
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        decimal price = -1;
        var read = cursor.Token switch
        {
            JsonTokenType.Number => cursor.TryGetDecimal(out price),
            JsonTokenType.String => TryParse(cursor.GetString(), out price),
            _ => false,
        };
        if (!read || price < 0) cursor.Fail(Expected);
    }

    /// <summary>Reads the string form.</summary>
    public static bool TryParse(string text, out decimal price) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out price);
}

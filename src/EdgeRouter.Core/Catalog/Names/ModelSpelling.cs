namespace EdgeRouter.Core.Catalog.Names;

/// <summary>
/// How names of models are compared: without case, with <c>-</c> for <c>.</c>, <c>_</c> and <c>@</c>, and, where that finds nothing, without the date at
/// the end. Stateless; takes time in proportion to the name's length.
/// </summary>
internal static class ModelSpelling
{
    /// <summary>Longer names are compared as they are written only.</summary>
    public const int MaxLength = 256;

    /// <summary>The name that promises the newest of its family.</summary>
    private const string Latest = "-latest";

    /// <summary>The name as names are compared.</summary>
    public static string Normalise(ReadOnlySpan<char> name)
    {
        var chars = new char[name.Length];
        Normalise(name, chars);
        return new string(chars);
    }

    /// <summary>Writes the name as names are compared. It keeps its length.</summary>
    public static void Normalise(ReadOnlySpan<char> name, Span<char> output)
    {
        for (var i = 0; i < name.Length; i++) output[i] = name[i] is '.' or '_' or '@' ? '-' : char.ToLowerInvariant(name[i]);
    }

    /// <summary>The part after the last slash.</summary>
    public static ReadOnlySpan<char> Slug(ReadOnlySpan<char> name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>Removes <c>-latest</c> from a normalised name.</summary>
    public static bool TryRemoveLatest(ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        var ends = name.EndsWith(Latest, StringComparison.Ordinal) && name.Length > Latest.Length;
        rest = ends ? name[..^Latest.Length] : name;
        return ends;
    }

    /// <summary>Removes the date at the end of a normalised name. Variants (<c>x:free</c>) have none.</summary>
    public static ReadOnlySpan<char> RemoveDate(ReadOnlySpan<char> name, out NameDate date)
    {
        date = default;
        if (name.Contains(':')) return name;
        var slug = Slug(name);
        var last = Digits(slug, slug.Length, out var lastAt);
        if (last.Length == 0) return name;
        var second = Digits(slug, lastAt, out var secondAt);
        var third = Digits(slug, secondAt, out var thirdAt);
        var at = (last.Length, second.Length, third.Length) switch
        {
            (8, _, _) => Take(Number(last[..4]), Number(last[4..6]), Number(last[6..]), lastAt, ref date),
            (4, 2, _) when Take(Number(last), Number(second), 0, secondAt, ref date) is > 0 and var found => found,
            (4, _, _) => TakeShort(Number(last[..2]), Number(last[2..]), lastAt, ref date),
            (2, 2, 4) => Take(Number(third), Number(second), Number(last), thirdAt, ref date),
            (2, 4, _) => Take(Number(second), Number(last), 0, secondAt, ref date),
            (2, 2, _) => TakeShort(Number(second), Number(last), secondAt, ref date),
            _ => 0,
        };
        return at > 0 ? name[..(name.Length - slug.Length + at)] : name;
    }

    /// <summary>
    /// The number that ends at a position of a slug, and where the hyphen before it stands; empty: there is none, or it is too long for a date.
    /// </summary>
    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> slug, int end, out int hyphen)
    {
        const int LongestDatePart = 8;
        hyphen = end <= 0 ? -1 : slug[..end].LastIndexOf('-');
        if (end <= 0) return [];
        var word = slug[(hyphen + 1)..end];
        return word.Length <= LongestDatePart && !word.ContainsAnyExceptInRange('0', '9') ? word : [];
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits) number = number * 10 + (digit - '0');
        return number;
    }

    private static int Take(int year, int month, int day, int at, ref NameDate date)
    {
        if (at <= 0 || year is < 2015 or > 2099 || month is < 1 or > 12 || day > 31) return 0;
        date = new NameDate(year, month, day);
        return at;
    }

    /// <summary><c>0613</c> is a month and a day, <c>2411</c> a year and a month.</summary>
    private static int TakeShort(int first, int second, int at, ref NameDate date)
    {
        if (at <= 0) return 0;
        if (first is >= 1 and <= 12 && second is >= 1 and <= 31) date = new NameDate(0, first, second);
        else if (first is >= 20 and <= 39 && second is >= 1 and <= 12) date = new NameDate(2000 + first, second, 0);
        else return 0;
        return at;
    }
}

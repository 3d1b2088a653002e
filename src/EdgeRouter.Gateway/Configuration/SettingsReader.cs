using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// Reads typed values from the section <c>EdgeRouter</c> and collects every fault instead of stopping at the first. It knows every name it was asked for,
/// so that a misspelt setting is a fault too and the table of settings can be generated from the code. Not thread-safe; used at start.
/// </summary>
internal sealed class SettingsReader(IConfiguration root)
{
    /// <summary>Name of the section.</summary>
    public const string Section = "EdgeRouter";

    private readonly IConfigurationSection section = root.GetSection(Section);
    private readonly List<string> faults = [];
    private readonly List<KnownSetting> known = [];

    /// <summary>Every setting asked for, in the order asked.</summary>
    public IReadOnlyList<KnownSetting> Known => known;

    /// <summary>A text; null when absent or empty.</summary>
    public string? Text(string path, string meaning, string shownDefault = "none", string range = "")
    {
        Note(path, shownDefault, meaning, range);
        return section[path] is { Length: > 0 } value ? value : null;
    }

    /// <summary>A whole number within bounds.</summary>
    public int Int(string path, int defaultValue, int min, int max, string meaning)
    {
        var text = Text(path, meaning, defaultValue.ToString(CultureInfo.InvariantCulture), Range(min, max));
        if (text is null) return defaultValue;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        Fault(path, $"expected a whole number from {Range(min, max)}");
        return defaultValue;
    }

    /// <summary>A time span given in seconds.</summary>
    public TimeSpan Seconds(string path, double defaultValue, double min, double max, string meaning)
    {
        var text = Text(path, meaning, defaultValue.ToString(CultureInfo.InvariantCulture), Range(min, max));
        if (text is null) return TimeSpan.FromSeconds(defaultValue);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return TimeSpan.FromSeconds(value);
        Fault(path, $"expected seconds from {Range(min, max)}");
        return TimeSpan.FromSeconds(defaultValue);
    }

    /// <summary>A time span given in seconds; null: not set.</summary>
    public TimeSpan? OptionalSeconds(string path, string shownDefault, double min, double max, string meaning)
    {
        var text = Text(path, meaning, shownDefault);
        if (text is null) return null;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return TimeSpan.FromSeconds(value);
        Fault(path, string.Create(CultureInfo.InvariantCulture, $"expected seconds from {min} to {max}"));
        return null;
    }

    /// <summary>A number within bounds.</summary>
    public double Number(string path, double defaultValue, double min, double max, string meaning)
    {
        var text = Text(path, meaning, defaultValue.ToString(CultureInfo.InvariantCulture), Range(min, max));
        if (text is null) return defaultValue;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        Fault(path, $"expected a number from {Range(min, max)}");
        return defaultValue;
    }

    /// <summary>One of some words; the first is the default.</summary>
    public string Word(string path, ReadOnlySpan<string> words, string meaning)
    {
        var text = Text(path, meaning, words[0], string.Join(", ", words!));
        if (text is null) return words[0];
        foreach (var word in words)
            if (string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) return word;
        Fault(path, $"expected {string.Join(" or ", words)}");
        return words[0];
    }

    /// <summary>true or false.</summary>
    public bool Flag(string path, bool defaultValue, string meaning)
    {
        var text = Text(path, meaning, defaultValue ? "true" : "false", "true, false");
        if (text is null) return defaultValue;
        if (bool.TryParse(text, out var value)) return value;
        Fault(path, "expected true or false");
        return defaultValue;
    }

    /// <summary>A price in USD.</summary>
    public decimal? Price(string path, string meaning)
    {
        var text = Text(path, meaning, range: "at least 0");
        if (text is null) return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return value;
        Fault(path, "expected a decimal number, at least 0");
        return null;
    }

    /// <summary>A list: <c>path:0</c>, <c>path:1</c>, ... in order.</summary>
    public IReadOnlyList<string> List(string path, string meaning)
    {
        Note(path + ":<n>", "none", meaning);
        return [.. section.GetSection(path).GetChildren().OrderBy(child => int.TryParse(child.Key, out var n) ? n : int.MaxValue)
            .Select(child => child.Value ?? "").Where(value => value.Length > 0)];
    }

    /// <summary>The named children of a path, each with its own settings below.</summary>
    public IEnumerable<IConfigurationSection> Children(string path) => section.GetSection(path).GetChildren();

    /// <summary>Declares a setting below a named child, for the table of known settings; <c>&lt;name&gt;</c> stands for the child's name.</summary>
    public void Declare(string pattern, string meaning, string shownDefault = "none", string range = "") => Note(pattern, shownDefault, meaning, range);

    /// <summary>Adds a fault about a setting.</summary>
    public void Fault(string path, string expectation) => faults.Add($"{Section}__{path.Replace(":", "__", StringComparison.Ordinal)}: {expectation}");

    /// <summary>Throws when anything was wrong, or when an unknown setting is present.</summary>
    /// <exception cref="SettingsException">Lists every fault.</exception>
    public void ThrowIfFaulty()
    {
        foreach (var (path, value) in section.AsEnumerable(makePathsRelative: true))
            if (value is not null && path.Length > 0 && !known.Exists(setting => setting.Matches(path))) Fault(path, "no such setting");
        if (faults.Count > 0) throw new SettingsException(faults);
    }

    private static string Range(double min, double max) => string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");

    private void Note(string path, string shownDefault, string meaning, string range = "") => known.Add(new KnownSetting(path, shownDefault, meaning, range));
}

/// <summary>A setting that exists.</summary>
/// <param name="Path">Path below the section, colons between; <c>&lt;...&gt;</c> stands for a name or number.</param>
/// <param name="Default">Default, for people.</param>
/// <param name="Meaning">What it does, for people.</param>
/// <param name="Range">Permitted values, for people; empty: any text, or see the meaning.</param>
internal sealed record KnownSetting(string Path, string Default, string Meaning, string Range)
{
    /// <summary>The name as an environment variable.</summary>
    public string VariableName => $"{SettingsReader.Section}__{Path.Replace(":", "__", StringComparison.Ordinal)}";

    /// <summary>Whether a given path is this setting.</summary>
    public bool Matches(string path)
    {
        var mine = Path.Split(':');
        var theirs = path.Split(':');
        if (mine.Length != theirs.Length) return false;
        for (var i = 0; i < mine.Length; i++)
            if (mine[i][0] != '<' && !string.Equals(mine[i], theirs[i], StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }
}

/// <summary>The settings are wrong; the message lists every fault, one a line.</summary>
public sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception("The settings are not valid:" + string.Concat(faults.Select(fault => "\n  " + fault)))
{
    /// <summary>The faults.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}

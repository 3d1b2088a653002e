using System.Globalization;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>What depends on the model: Google's generations differ in name only.</summary>
internal static class GeminiModels
{
    private const string Family = "gemini-";

    /// <summary>
    /// True for Gemini 3 and later, which take a thinking level in place of a budget and check thought signatures. Aliases without a number
    /// (<c>gemini-flash-latest</c>) point at the newest generation.
    /// </summary>
    public static bool IsThirdGenerationOrLater(string model)
    {
        if (!model.StartsWith(Family, StringComparison.OrdinalIgnoreCase)) return false;
        var version = model.AsSpan(Family.Length);
        var digits = 0;
        while (digits < version.Length && char.IsAsciiDigit(version[digits])) digits++;
        if (digits == 0) return version.EndsWith("-latest", StringComparison.OrdinalIgnoreCase);
        return int.TryParse(version[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major >= 3;
    }

    /// <summary>True for models that generate images.</summary>
    public static bool GeneratesImages(string model) => model.Contains("-image", StringComparison.OrdinalIgnoreCase);

    /// <summary>Least and most thinking tokens that the provider accepts as a budget; outside them it answers 400.</summary>
    public static (int Least, int Most) ThinkingBudget(string model)
    {
        if (model.Contains("flash-lite", StringComparison.OrdinalIgnoreCase)) return (512, 24576);
        if (model.Contains("flash", StringComparison.OrdinalIgnoreCase)) return (1, 24576);
        return model.Contains("pro", StringComparison.OrdinalIgnoreCase) ? (128, 32768) : (512, 24576);
    }
}

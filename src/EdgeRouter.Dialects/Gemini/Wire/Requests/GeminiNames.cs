namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>
/// Participant names. The wire has none; as documented for providers other than OpenAI, the name comes before the first text
/// of its turn.
/// </summary>
internal static class GeminiNames
{
    public static string Lead(string? name, string text) => name is null ? text : $"{name}: {text}";
}

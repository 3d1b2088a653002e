using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeRouter.ClientTests.Providers;

/// <summary>Pieces of hand-written JSON.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions AsProvidersDo = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A string as a JSON string, quotes included.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, AsProvidersDo);

    /// <summary>A text in the small pieces in which it is streamed. Never empty.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        const int PieceLength = 9;
        for (var start = 0; start < text.Length; start += PieceLength) yield return text[start..Math.Min(start + PieceLength, text.Length)];
    }
}

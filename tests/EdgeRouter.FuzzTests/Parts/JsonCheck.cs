using System.Text;
using System.Text.Json;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>What a caller or provider is sent must be strict JSON.</summary>
internal static class JsonCheck
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 4096 };

    /// <summary>Whether the bytes are JSON, as another parser sees it.</summary>
    public static bool IsJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Deep);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The text is one JSON value in valid UTF-8.</summary>
    public static JsonElement AssertJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _ = Strict.GetString(bytes.Span);
            using var document = JsonDocument.Parse(bytes, Deep);
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException)
        {
            throw new Xunit.Sdk.XunitException($"Not JSON: {Inputs.Bytes.Show(bytes.Span)}", exception);
        }
    }
}

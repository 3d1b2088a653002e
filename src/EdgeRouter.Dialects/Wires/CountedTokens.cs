using System.Text.Json;

namespace EdgeRouter.Dialects.Wires;

/// <summary>Reads a number of tokens from the answer of a counting route.</summary>
internal static class CountedTokens
{
    /// <summary>The member's value; null: there is no such count.</summary>
    public static long? Read(ReadOnlyMemory<byte> answer, string member)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(member, out var count)
                && count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out var tokens) && tokens >= 0 ? tokens : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

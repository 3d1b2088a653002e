using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Rerank.Wire;

/// <summary>
/// Reads a reranking as Cohere and Jina have it, and those who follow them: <c>results</c> (or <c>data</c>) of index and score. Usage is tokens in
/// <c>usage</c>, or search units there or in <c>meta.billed_units</c>. Unknown members are skipped.
/// </summary>
internal static class RerankAnswerReader
{
    /// <exception cref="UpstreamFormatException">It is not one.</exception>
    public static RerankAnswer Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw new UpstreamFormatException("The answer is not UTF-8.");
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement, body.Span);
        }
        // The latter, where a name holds half of a surrogate pair.
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("The answer is not JSON.", malformed);
        }
    }

    private static RerankAnswer Read(JsonElement root, ReadOnlySpan<byte> body)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new UpstreamFormatException("The answer is not a JSON object.");
        if (root.Member("error") is not null) return new RerankAnswer([]) { Error = OpenAIChatErrorReader.ReadEvent(body) };
        if ((root.Member("results") ?? root.Member("data")) is not { ValueKind: JsonValueKind.Array } list)
            throw new UpstreamFormatException("The answer has no results.");
        var results = new List<RerankResult>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray()) results.Add(ReadResult(item));
        return new RerankAnswer(results)
        {
            Usage = ReadUsage(root),
            UpstreamId = root.Member("id") is { ValueKind: JsonValueKind.String } id ? id.GetString() : null,
        };
    }

    private static RerankResult ReadResult(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || item.Member("index") is not { ValueKind: JsonValueKind.Number } index || !index.TryGetInt32(out var at)
            || item.Member("relevance_score") is not { ValueKind: JsonValueKind.Number } score || !score.TryGetDouble(out var value)
            || !double.IsFinite(value))
        {
            throw new UpstreamFormatException("A result has no index or no score.");
        }
        return new RerankResult(at, value, JsonMarshal.GetRawUtf8Value(score).ToArray());
    }

    private static TokenUsage? ReadUsage(JsonElement root)
    {
        var (usage, meta) = (Object(root, "usage"), Object(root, "meta"));
        var billed = meta is { } told ? Object(told, "billed_units") : null;
        var tokens = Count(usage, "total_tokens") ?? Count(usage, "prompt_tokens") ?? Count(billed, "total_tokens");
        var units = ReportedCount.ToInt(Count(usage, "search_units") ?? Count(billed, "search_units"));
        return tokens is null && units is null ? null : new TokenUsage { Input = tokens, SearchUnits = units };
    }

    private static JsonElement? Object(JsonElement parent, string name) => parent.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    private static long? Count(JsonElement? parent, string name) => parent?.Member(name) is { } value ? ReportedCount.Read(value) : null;
}

/// <summary>A provider's reranking.</summary>
/// <param name="Results">Its results, in the provider's order.</param>
internal sealed record RerankAnswer(IReadOnlyList<RerankResult> Results)
{
    /// <summary>Tokens or search units as reported; null: the provider reported neither.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The provider's id of the answer.</summary>
    public string? UpstreamId { get; init; }

    /// <summary>An error in place of the results.</summary>
    public UpstreamError? Error { get; init; }
}

/// <summary>A document's relevance.</summary>
/// <param name="Index">Which document.</param>
/// <param name="Score">The score, to compare it.</param>
/// <param name="Text">The score as the provider wrote it.</param>
internal readonly record struct RerankResult(int Index, double Score, ReadOnlyMemory<byte> Text);

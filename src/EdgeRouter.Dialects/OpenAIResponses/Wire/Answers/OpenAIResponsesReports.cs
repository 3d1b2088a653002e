using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Wire.Answers;

/// <summary>What a response object reports beside its items: how it ended, its usage, its error. Stateless.</summary>
internal static class OpenAIResponsesReports
{
    /// <summary>Why it ended, and the provider's word for it. What has not ended is never taken for a whole answer.</summary>
    /// <param name="response">The response.</param>
    /// <param name="callsTools">Whether it has a call of a tool.</param>
    /// <param name="told">The status that its event tells: that of a response without one, and an incomplete answer is incomplete; null: no event.</param>
    /// <exception cref="UpstreamFormatException">It is neither completed nor incomplete.</exception>
    public static (FinishReason Reason, string? Native) FinishOf(JsonElement response, bool callsTools, string? told = null)
    {
        const string Incomplete = "incomplete";
        var status = told == Incomplete ? told : OpenAIResponsesJson.Text(response, "status"u8) ?? told;
        if (status == "completed") return (callsTools ? FinishReason.ToolCalls : FinishReason.Stop, status);
        if (status != Incomplete) throw new UpstreamFormatException("The answer's status says neither that it is completed nor that it is incomplete.");
        var reason = OpenAIResponsesJson.Text(OpenAIResponsesJson.Object(response, "incomplete_details"u8), "reason"u8);
        return (reason == "content_filter" ? FinishReason.ContentFilter : FinishReason.Length, reason ?? status);
    }

    /// <summary>Its error; null: it has not failed.</summary>
    public static UpstreamError? ErrorOf(JsonElement response) =>
        OpenAIResponsesJson.Text(response, "status"u8) == "failed" ? FailureOf(response) : null;

    /// <summary>The error of a response that has failed.</summary>
    public static UpstreamError FailureOf(JsonElement response)
    {
        var error = OpenAIResponsesJson.Object(response, "error"u8);
        return new UpstreamError(null, Cut(OpenAIResponsesJson.Text(error, "code"u8)), Cut(OpenAIResponsesJson.Text(error, "type"u8)),
            Cut(OpenAIResponsesJson.Text(error, "message"u8)) ?? "The response failed.");
    }

    /// <summary>Its usage in disjoint classes; null: not reported.</summary>
    public static TokenUsage? UsageOf(JsonElement response)
    {
        var usage = OpenAIResponsesJson.Object(response, "usage"u8);
        if (usage.ValueKind != JsonValueKind.Object) return null;
        var (input, output) = (CountOf(usage, "input_tokens"u8), CountOf(usage, "output_tokens"u8));
        var details = OpenAIResponsesJson.Object(usage, "input_tokens_details"u8);
        var (cached, written) = (CountOf(details, "cached_tokens"u8), CountOf(details, "cache_write_tokens"u8));
        var reasoning = CountOf(OpenAIResponsesJson.Object(usage, "output_tokens_details"u8), "reasoning_tokens"u8);
        return new TokenUsage
        {
            Input = input is { } read ? Math.Max(read - (cached ?? 0) - (written ?? 0), Math.Min(read, 0)) : null,
            CacheRead = cached,
            CacheWrite5m = written is > 0 ? written : null,
            Output = output is { } made ? made - Math.Clamp(reasoning ?? 0, Math.Min(made, 0), Math.Max(made, 0)) : null,
            Reasoning = output is { } all && reasoning is { } part ? Math.Clamp(part, Math.Min(all, 0), Math.Max(all, 0)) : null,
            WebSearches = SearchesOf(response),
        };
    }

    private static int? SearchesOf(JsonElement response)
    {
        var count = 0;
        foreach (var item in OpenAIResponsesJson.Objects(response, "output"))
            if (OpenAIResponsesJson.Text(item, "type"u8) == "web_search_call") count++;
        return count == 0 ? null : count;
    }

    private static long? CountOf(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? ReportedCount.Read(value) : null;

    private static string? Cut(string? text)
    {
        const int MaxTextLength = 1000;
        if (string.IsNullOrEmpty(text)) return null;
        return text.Length <= MaxTextLength ? text : text[..(char.IsHighSurrogate(text[MaxTextLength - 1]) ? MaxTextLength - 1 : MaxTextLength)];
    }
}

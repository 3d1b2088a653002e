using System.Globalization;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;
using EdgeRouter.Dialects.Callers;

namespace EdgeRouter.Gateway.Management.Generations;

/// <summary>
/// Writes the GenerationResponseData object of OpenRouter's API, with this router's further members: region, status, usage source, disputed usage,
/// overhead.
/// </summary>
internal static class GenerationJson
{
    /// <summary>Writes the object.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="record">The record.</param>
    /// <param name="apis">The caller APIs, for the operation of the record's API.</param>
    public static void Write(Utf8JsonWriter writer, GenerationRecord record, CallerApis apis)
    {
        writer.WriteStartObject();
        writer.WriteString("id", record.Id);
        writer.WriteString("request_id", record.Id);
        writer.StringOrNull("upstream_id", record.UpstreamId);
        writer.StringOrNull("session_id", record.SessionId);
        writer.WriteString("model", record.Model ?? record.RequestedModel);
        writer.WriteNull("router");
        writer.StringOrNull("provider_name", record.ProviderName);
        writer.WriteString("created_at", record.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("api_type", apis.Find(record.ApiType)?.Operation.ReportedAs ?? record.ApiType);
        writer.WriteString("origin", record.HttpReferer ?? "");
        writer.WriteNull("app_id");
        writer.StringOrNull("http_referer", record.HttpReferer);
        writer.StringOrNull("user_agent", record.UserAgent);
        writer.StringOrNull("external_user", record.ExternalUser);
        writer.WriteNull("workspace_id");
        writer.WriteNull("preset_id");
        writer.WriteString("data_region", "global");
        writer.StringOrNull("service_tier", record.ServiceTier);
        writer.WriteBoolean("streamed", record.Streamed);
        writer.WriteBoolean("cancelled", record.Cancelled);
        writer.StringOrNull("finish_reason", record.FinishReason);
        writer.StringOrNull("native_finish_reason", record.NativeFinishReason);
        writer.NumberOrNull("latency", record.LatencyMs);
        writer.NumberOrNull("generation_time", record.GenerationTimeMs);
        writer.WriteNull("moderation_latency");
        WriteTokens(writer, record);
        WriteMoney(writer, record);
        WriteAttempts(writer, record);
        WriteOwn(writer, record);
        writer.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter writer, GenerationRecord record)
    {
        var usage = record.Usage;
        var known = !usage.IsUnknown;
        writer.NumberOrNull("tokens_prompt", known ? usage.PromptTotal : (long?)null);
        writer.NumberOrNull("tokens_completion", known ? usage.CompletionTotal : (long?)null);
        writer.NumberOrNull("native_tokens_prompt", known ? usage.PromptTotal : (long?)null);
        writer.NumberOrNull("native_tokens_completion", known ? usage.CompletionTotal : (long?)null);
        writer.NumberOrNull("native_tokens_reasoning", usage.Reasoning);
        writer.NumberOrNull("native_tokens_cached", usage.CacheRead);
        writer.NumberOrNull("native_tokens_completion_images", usage.OutputImage);
        writer.NumberOrNull("num_media_prompt", (long?)record.PromptMedia);
        writer.WriteNull("num_media_completion");
        writer.NumberOrNull("num_input_audio_prompt", usage.InputAudio);
        writer.NumberOrNull("num_search_results", (long?)usage.WebSearches);
        writer.WriteNull("num_fetches");
        writer.WriteNull("web_search_engine");
    }

    private static void WriteMoney(Utf8JsonWriter writer, GenerationRecord record)
    {
        writer.WriteNumber("usage", record.Cost.ToDollars());
        writer.WriteNumber("total_cost", record.Cost.ToDollars());
        writer.WriteNumber("cache_discount", record.CacheDiscount.ToDollars());
        writer.WriteNumber("upstream_inference_cost", record.Cost.ToDollars());
        writer.WriteBoolean("is_byok", false);
        writer.WriteNull("response_cache_source_id");
    }

    private static void WriteAttempts(Utf8JsonWriter writer, GenerationRecord record)
    {
        writer.WriteStartArray("provider_responses");
        foreach (var attempt in record.Attempts)
        {
            writer.WriteStartObject();
            writer.WriteString("endpoint_id", attempt.EndpointId);
            writer.WriteString("provider_name", attempt.ProviderName);
            writer.WriteString("model_permaslug", attempt.Model);
            writer.NumberOrNull("status", (long?)attempt.Status);
            writer.NumberOrNull("latency", attempt.LatencyMs);
            writer.WriteBoolean("is_byok", false);
            writer.WriteString("outcome", attempt.Outcome);
            writer.WriteNumber("cost", attempt.Cost.ToDollars());
            writer.NumberOrNull("tokens_prompt", attempt.PromptTokens);
            writer.NumberOrNull("tokens_completion", attempt.CompletionTokens);
            writer.StringOrNull("usage_source", attempt.UsageSource is { } source ? NameOf(source) : null);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteOwn(Utf8JsonWriter writer, GenerationRecord record)
    {
        writer.WriteString("region", record.Region);
        writer.WriteNumber("status", record.Status);
        writer.StringOrNull("error_type", record.ErrorType);
        writer.StringOrNull("endpoint_id", record.EndpointId);
        writer.WriteString("usage_source", NameOf(record.UsageSource));
        writer.WriteBoolean("disputed", record.Disputed);
        WriteReported(writer, record.ReportedUsage);
        writer.NumberOrNull("overhead_microseconds", record.OverheadMicroseconds);
    }

    /// <summary>What a provider reported that cannot be true, by this router's own classes.</summary>
    private static void WriteReported(Utf8JsonWriter writer, TokenUsage? reported)
    {
        if (reported is not { } usage)
        {
            writer.WriteNull("reported_usage");
            return;
        }
        writer.WriteStartObject("reported_usage");
        writer.NumberOrNull("input", usage.Input);
        writer.NumberOrNull("cache_read", usage.CacheRead);
        writer.NumberOrNull("cache_write_5m", usage.CacheWrite5m);
        writer.NumberOrNull("cache_write_1h", usage.CacheWrite1h);
        writer.NumberOrNull("input_audio", usage.InputAudio);
        writer.NumberOrNull("input_image", usage.InputImage);
        writer.NumberOrNull("input_video", usage.InputVideo);
        writer.NumberOrNull("output", usage.Output);
        writer.NumberOrNull("reasoning", usage.Reasoning);
        writer.NumberOrNull("output_audio", usage.OutputAudio);
        writer.NumberOrNull("output_image", usage.OutputImage);
        writer.NumberOrNull("web_searches", (long?)usage.WebSearches);
        writer.NumberOrNull("search_units", (long?)usage.SearchUnits);
        writer.WriteEndObject();
    }

    private static string NameOf(UsageSource source) => source switch
    {
        UsageSource.Measured => "measured",
        UsageSource.Counted => "counted",
        UsageSource.Estimated => "estimated",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };
}

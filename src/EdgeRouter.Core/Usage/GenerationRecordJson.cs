using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Usage;

/// <summary>
/// A <see cref="GenerationRecord"/> as compact JSON: the only form of a record in journals, in queue messages and in the table of poisoned records.
/// Members with their default value are left out, unknown members are skipped, so that versions can be mixed during a roll-out.
/// </summary>
public static class GenerationRecordJson
{
    /// <summary>The record as UTF-8 JSON.</summary>
    public static byte[] Encode(GenerationRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, AttemptsJson.Relaxed);
        Write(record, writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Writes the record, without flushing the writer. Without the serializer, which allocates as much as it writes; reading, which happens only
    /// after a crash, uses the serializer.
    /// </summary>
    public static void Write(GenerationRecord record, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString(nameof(record.Id), record.Id);
        writer.WriteString(nameof(record.CreatedAt), record.CreatedAt);
        writer.WriteString(nameof(record.Region), record.Region);
        writer.WriteString(nameof(record.KeyHash), record.KeyHash);
        writer.WriteString(nameof(record.ApiType), record.ApiType);
        writer.WriteString(nameof(record.RequestedModel), record.RequestedModel);
        WriteText(writer, nameof(record.Model), record.Model);
        WriteText(writer, nameof(record.ProviderSlug), record.ProviderSlug);
        WriteText(writer, nameof(record.ProviderName), record.ProviderName);
        WriteText(writer, nameof(record.EndpointId), record.EndpointId);
        WriteText(writer, nameof(record.UpstreamId), record.UpstreamId);
        WriteFlag(writer, nameof(record.Streamed), record.Streamed);
        WriteFlag(writer, nameof(record.Cancelled), record.Cancelled);
        if (record.Status != 0) writer.WriteNumber(nameof(record.Status), record.Status);
        WriteText(writer, nameof(record.ErrorType), record.ErrorType);
        WriteText(writer, nameof(record.FinishReason), record.FinishReason);
        WriteText(writer, nameof(record.NativeFinishReason), record.NativeFinishReason);
        WriteNumber(writer, nameof(record.LatencyMs), record.LatencyMs);
        WriteNumber(writer, nameof(record.GenerationTimeMs), record.GenerationTimeMs);
        WriteNumber(writer, nameof(record.OverheadMicroseconds), record.OverheadMicroseconds);
        if (record.Usage != default) WriteUsage(writer, nameof(record.Usage), record.Usage);
        if (record.ReportedUsage is { } reported) WriteUsage(writer, nameof(record.ReportedUsage), reported);
        if (record.UsageSource != default) writer.WriteNumber(nameof(record.UsageSource), (int)record.UsageSource);
        WriteMoney(writer, nameof(record.Cost), record.Cost);
        WriteMoney(writer, nameof(record.PromptCost), record.PromptCost);
        WriteMoney(writer, nameof(record.CompletionCost), record.CompletionCost);
        WriteMoney(writer, nameof(record.CacheDiscount), record.CacheDiscount);
        WriteNumber(writer, nameof(record.PromptMedia), record.PromptMedia);
        WriteText(writer, nameof(record.ServiceTier), record.ServiceTier);
        WriteText(writer, nameof(record.ExternalUser), record.ExternalUser);
        WriteText(writer, nameof(record.SessionId), record.SessionId);
        WriteText(writer, nameof(record.HttpReferer), record.HttpReferer);
        WriteText(writer, nameof(record.AppTitle), record.AppTitle);
        WriteText(writer, nameof(record.UserAgent), record.UserAgent);
        writer.WritePropertyName(nameof(record.Attempts));
        AttemptsJson.Write(record.Attempts, writer);
        writer.WriteEndObject();
    }

    /// <summary>The record in <paramref name="json"/>.</summary>
    /// <exception cref="JsonException">It is not a record.</exception>
    public static GenerationRecord Decode(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, GenerationRecordJsonContext.Default.GenerationRecord) ?? throw new JsonException("Expected a record, found null.");

    /// <summary>Usage alone, as UTF-8 JSON.</summary>
    internal static byte[] Encode(in TokenUsage usage)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer, AttemptsJson.Relaxed);
        writer.WriteStartObject();
        WriteTokens(writer, usage);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The usage in <paramref name="json"/>.</summary>
    /// <exception cref="JsonException">It is not usage.</exception>
    internal static TokenUsage DecodeUsage(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, GenerationRecordJsonContext.Default.TokenUsage);

    private static void WriteUsage(Utf8JsonWriter writer, string name, in TokenUsage usage)
    {
        writer.WriteStartObject(name);
        WriteTokens(writer, usage);
        writer.WriteEndObject();
    }

    private static void WriteTokens(Utf8JsonWriter writer, in TokenUsage usage)
    {
        WriteNumber(writer, nameof(usage.Input), usage.Input);
        WriteNumber(writer, nameof(usage.CacheRead), usage.CacheRead);
        WriteNumber(writer, nameof(usage.CacheWrite5m), usage.CacheWrite5m);
        WriteNumber(writer, nameof(usage.CacheWrite1h), usage.CacheWrite1h);
        WriteNumber(writer, nameof(usage.InputAudio), usage.InputAudio);
        WriteNumber(writer, nameof(usage.InputImage), usage.InputImage);
        WriteNumber(writer, nameof(usage.InputVideo), usage.InputVideo);
        WriteNumber(writer, nameof(usage.Output), usage.Output);
        WriteNumber(writer, nameof(usage.Reasoning), usage.Reasoning);
        WriteNumber(writer, nameof(usage.OutputAudio), usage.OutputAudio);
        WriteNumber(writer, nameof(usage.OutputImage), usage.OutputImage);
        WriteNumber(writer, nameof(usage.AcceptedPrediction), usage.AcceptedPrediction);
        WriteNumber(writer, nameof(usage.RejectedPrediction), usage.RejectedPrediction);
        WriteNumber(writer, nameof(usage.WebSearches), usage.WebSearches);
        WriteNumber(writer, nameof(usage.SearchUnits), usage.SearchUnits);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null) writer.WriteString(name, text);
    }

    private static void WriteFlag(Utf8JsonWriter writer, string name, bool flag)
    {
        if (flag) writer.WriteBoolean(name, flag);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? number)
    {
        if (number is { } known) writer.WriteNumber(name, known);
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } known) AttemptsJson.WriteNumber(writer, name, known);
    }

    private static void WriteMoney(Utf8JsonWriter writer, string name, NanoDollars amount)
    {
        if (amount != default) AttemptsJson.WriteMoney(writer, name, amount);
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, IgnoreReadOnlyProperties = true, RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(GenerationRecord))]
[JsonSerializable(typeof(UsageEnvelope))]
[JsonSerializable(typeof(TokenUsage))]
internal sealed partial class GenerationRecordJsonContext : JsonSerializerContext;

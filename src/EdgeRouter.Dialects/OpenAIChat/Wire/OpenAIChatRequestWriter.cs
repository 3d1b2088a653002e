using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using Members = EdgeRouter.Dialects.OpenAIChat.Caller.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Wire;

/// <summary>Writes a canonical request as a provider of the OpenAI Chat dialect wants it. What says no more than the provider's default is not sent.</summary>
internal sealed class OpenAIChatRequestWriter
{
    internal static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Utf8JsonWriter json;
    private readonly WireTarget target;
    private readonly ICollection<string> dropped;

    private OpenAIChatRequestWriter(Utf8JsonWriter json, WireTarget target, ICollection<string> dropped)
    {
        this.json = json;
        this.target = target;
        this.dropped = dropped;
    }

    /// <summary>Writes the body. Names of parameters that the endpoint does not take are added to <paramref name="dropped"/>, each once.</summary>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        using var writer = new Utf8JsonWriter(output, JsonOptions);
        new OpenAIChatRequestWriter(writer, target, dropped).Write(request);
    }

    private void Write(ChatRequest request)
    {
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        new OpenAIChatRequestMessageWriter(json, target, dropped).Write(request.Messages);
        WriteNumber(Members.MaxTokens, request.MaxOutputTokens);
        WriteNumber(Members.ChoiceCount, request.ChoiceCount > 1 ? request.ChoiceCount : null);
        WriteSampling(request.Sampling);
        WriteTools(request);
        WriteFormat(request.ResponseFormat);
        WriteReasoning(request);
        WriteModalities(request.Modalities);
        if (request.CacheControl is { } marker && Begin(Members.CacheControl)) OpenAIChatRequestMessageWriter.WriteCacheControl(json, marker);
        WriteText(Members.Verbosity, request.Verbosity);
        WriteText(Members.ServiceTier, request.ServiceTier);
        WriteUser(request.User);
        foreach (var (name, value) in request.Extensions)
        {
            if (!target.Takes(Members.Find(name).Parameter, name, dropped)) continue;
            json.WritePropertyName(target.NameOf(name));
            WriteRaw(json, value);
        }
        WriteStream();
        json.WriteEndObject();
    }

    /// <summary>Writes JSON as it was read.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, JsonElement value) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    private void WriteSampling(SamplingParameters sampling)
    {
        WriteNumber(Members.Temperature, sampling.Temperature);
        WriteNumber(Members.TopP, sampling.TopP);
        WriteNumber(Members.TopK, sampling.TopK);
        WriteNumber(Members.MinP, sampling.MinP);
        WriteNumber(Members.TopA, sampling.TopA);
        WriteNumber(Members.FrequencyPenalty, sampling.FrequencyPenalty);
        WriteNumber(Members.PresencePenalty, sampling.PresencePenalty);
        WriteNumber(Members.RepetitionPenalty, sampling.RepetitionPenalty);
        WriteNumber(Members.Seed, sampling.Seed);
        if (sampling.Stop is { Count: > 0 } stop && Begin(Members.Stop)) WriteStrings(stop);
        if (sampling.Logprobs == true && Begin(Members.Logprobs)) json.WriteBooleanValue(true);
        WriteNumber(Members.TopLogprobs, sampling.TopLogprobs);
    }

    private void WriteTools(ChatRequest request)
    {
        if (request.Tools.Count == 0 || !Begin(Members.Tools)) return;
        var writer = new OpenAIChatRequestToolWriter(json, target, dropped);
        writer.WriteTools(request.Tools);
        if (request.ToolChoice is { } choice && Begin(Members.ToolChoice)) writer.WriteChoice(choice);
        if (request.ParallelToolCalls is { } parallel && Begin(Members.ParallelToolCalls)) json.WriteBooleanValue(parallel);
    }

    private void WriteFormat(ResponseFormat? format)
    {
        if (format is null or { Kind: ResponseFormatKind.Text }) return;
        var parameter = OpenAIChatRequestTarget.FormatParameter(format.Kind == ResponseFormatKind.JsonSchema);
        if (!target.Takes(parameter, Members.ResponseFormat.Name, dropped)) return;
        json.WritePropertyName(target.NameOf(Members.ResponseFormat.Name));
        new OpenAIChatRequestToolWriter(json, target, dropped).WriteFormat(format);
    }

    private void WriteReasoning(ChatRequest request)
    {
        if (OpenAIChatRequestReasoning.IsSentAsObject(request.Reasoning, request.MaxOutputTokens, target, dropped, out var effort))
        {
            json.WritePropertyName("reasoning"u8);
            OpenAIChatRequestReasoning.WriteObject(json, request.Reasoning!);
        }
        else if (effort is not null) json.WriteString(target.NameOf(Members.ReasoningEffort.Name), effort);
    }

    private void WriteModalities(IReadOnlyList<string>? modalities)
    {
        if (modalities is null || modalities.All(modality => modality.Equals("text", StringComparison.Ordinal))) return;
        if (Begin(Members.Modalities)) WriteStrings(modalities);
    }

    private void WriteUser(string? user)
    {
        if (user is null || !Begin(Members.User)) return;
        Span<byte> hashed = stackalloc byte[OpenAIChatRequestTarget.HashedUserLength];
        OpenAIChatRequestTarget.HashUser(user, hashed);
        json.WriteStringValue(hashed);
    }

    private void WriteStream()
    {
        if (!target.Stream) return;
        json.WriteBoolean("stream"u8, true);
        if (!target.Endpoint.Provider.AcceptsStreamOptions) return;
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
    }

    private void WriteNumber(OpenAIChatRequestMember member, double? value)
    {
        if (value is { } given && Begin(member)) json.WriteNumberValue(given);
    }

    private void WriteNumber(OpenAIChatRequestMember member, long? value)
    {
        if (value is { } given && Begin(member)) json.WriteNumberValue(given);
    }

    private void WriteText(OpenAIChatRequestMember member, string? value)
    {
        if (value is not null && Begin(member)) json.WriteStringValue(value);
    }

    private void WriteStrings(IReadOnlyList<string> values)
    {
        json.WriteStartArray();
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private bool Begin(OpenAIChatRequestMember member)
    {
        if (!target.Takes(member.Parameter, member.Name, dropped)) return false;
        json.WritePropertyName(target.NameOf(member.Name));
        return true;
    }
}

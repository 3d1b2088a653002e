using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Validation;
using Members = EdgeRouter.Dialects.OpenAIChat.Caller.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>Turns the members that a scan found into routing facts, and checks what holds between members.</summary>
internal static class OpenAIChatRequestFacts
{
    /// <summary>Fills the scan from its members.</summary>
    /// <exception cref="RouterException">400 naming the field.</exception>
    public static void Fill(OpenAIChatScan scan, ReadOnlySpan<byte> body)
    {
        FillConversation(scan);
        FillModels(scan, body);
        scan.Stream = scan.TryGet(Members.Stream, out var stream) && IsTrue(stream, body);
        scan.MaxOutputTokens = Integer(scan, Members.MaxCompletionTokens, body) ?? Integer(scan, Members.MaxTokens, body);
        scan.ChoiceCount = Integer(scan, Members.ChoiceCount, body) ?? 1;
        scan.SessionId = Text(scan, Members.SessionId, body);
        scan.PromptCacheKey = Text(scan, Members.PromptCacheKey, body);
        scan.User = Text(scan, Members.User, body);
        FillReasoning(scan, body);
        scan.ServiceTier = OpenAIChatRequestServiceTier.Fold(Text(scan, Members.ServiceTier, body), Text(scan, Members.Speed, body));
        if (scan.TryGet(Members.Provider, out var provider))
        {
            var reader = new Utf8JsonReader(provider.Slice(body));
            scan.Preferences = OpenAIChatRequestProvider.Read(JsonElement.ParseValue(ref reader));
        }
        scan.EchoesUpstreamBody = scan.Stream && scan.TryGet(Members.Debug, out var debug) && WantsEcho(debug.Slice(body));
        FillParameters(scan, body);
    }

    private static bool WantsEcho(ReadOnlySpan<byte> debug)
    {
        var reader = new Utf8JsonReader(debug);
        return JsonElement.ParseValue(ref reader).Member("echo_upstream_body")?.ValueKind == JsonValueKind.True;
    }

    private static void FillConversation(OpenAIChatScan scan)
    {
        var hasMessages = scan.TryGet(Members.Messages, out _);
        var hasPrompt = scan.TryGet(Members.Prompt, out _);
        if (!hasMessages && !hasPrompt) throw Invalid("messages", "required, " + Members.Messages.Shape.Expected);
        if (hasMessages && hasPrompt) throw Invalid("prompt", "expected either messages or prompt, not both");
        foreach (var member in scan.Members)
        {
            scan.TextBytes += member.Facts.TextBytes;
            scan.MediaCount += member.Facts.MediaCount;
            scan.ImageCount += member.Facts.ImageCount;
            scan.MessageCount += member.Facts.MessageCount;
            scan.Modalities |= member.Facts.Modalities;
        }
    }

    private static void FillModels(OpenAIChatScan scan, ReadOnlySpan<byte> body)
    {
        scan.Model = Text(scan, Members.Model, body);
        if (scan.TryGet(Members.Models, out var models)) scan.FallbackModels = Strings(models.Slice(body));
        if (NamesPreset(scan.Model)) throw Invalid("model", PresetsNotConfigured);
        for (var i = 0; i < scan.FallbackModels.Count; i++)
            if (NamesPreset(scan.FallbackModels[i])) throw Invalid($"models[{i}]", PresetsNotConfigured);
    }

    private const string PresetsNotConfigured = "presets are not configured on this router; expected a model id";

    private static bool NamesPreset(string? model) => model is not null && model.Contains("@preset/", StringComparison.OrdinalIgnoreCase);

    private static void FillReasoning(OpenAIChatScan scan, ReadOnlySpan<byte> body)
    {
        JsonElement? wishes = null;
        if (scan.TryGet(Members.Reasoning, out var reasoning))
        {
            var reader = new Utf8JsonReader(reasoning.Slice(body));
            wishes = JsonElement.ParseValue(ref reader);
        }
        bool? include = scan.TryGet(Members.IncludeReasoning, out var included) ? IsTrue(included, body) : null;
        scan.Reasoning = OpenAIChatRequestReasoning.Fold(wishes, Text(scan, Members.ReasoningEffort, body), include);
        scan.ExcludeReasoning = scan.Reasoning?.Exclude == true;
        scan.ReasoningTokens = scan.Reasoning?.MaxTokens;
    }

    private static void FillParameters(OpenAIChatScan scan, ReadOnlySpan<byte> body)
    {
        for (var i = 0; i < scan.Members.Length; i++)
        {
            var member = scan.Members[i];
            if (member.IsNull || !SaysSomething(scan, member, body)) continue;
            scan.Members[i] = member with { SaysSomething = true };
            scan.Parameters |= member.Member.Parameter;
        }
        foreach (var edit in scan.Edits)
            if (edit.Kind is RequestEditKind.CacheControl or RequestEditKind.CacheBreakpoint) scan.Parameters |= RequestParameters.CacheControl;
        if (scan.ServiceTier is not null) scan.Parameters |= RequestParameters.ServiceTier;
    }

    private static bool SaysSomething(OpenAIChatScan scan, ScannedMember given, ReadOnlySpan<byte> body)
    {
        var member = given.Member;
        if (ReferenceEquals(member, Members.ChoiceCount)) return scan.ChoiceCount > 1;
        if (ReferenceEquals(member, Members.Logprobs) || ReferenceEquals(member, Members.StructuredOutputs)) return IsTrue(given, body);
        if (ReferenceEquals(member, Members.ToolChoice) || ReferenceEquals(member, Members.ParallelToolCalls))
            return scan.TryGet(Members.Tools, out var tools) && !IsEmptyArray(tools.Slice(body));
        if (ReferenceEquals(member, Members.Tools) || ReferenceEquals(member, Members.Stop)) return !IsEmptyArray(given.Slice(body));
        if (ReferenceEquals(member, Members.Modalities)) return FillOutputs(scan, given.Slice(body));
        if (ReferenceEquals(member, Members.ResponseFormat)) return FillFormat(scan, given.Slice(body));
        return true;
    }

    private static bool FillOutputs(OpenAIChatScan scan, ReadOnlySpan<byte> modalities)
    {
        var reader = new Utf8JsonReader(modalities);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.String) continue;
            scan.WantsImageOutput |= reader.ValueTextEquals("image"u8);
            scan.WantsAudioOutput |= reader.ValueTextEquals("audio"u8);
        }
        return scan.WantsImageOutput || scan.WantsAudioOutput;
    }

    private static bool FillFormat(OpenAIChatScan scan, ReadOnlySpan<byte> format)
    {
        var reader = new Utf8JsonReader(format);
        reader.Read();
        while (reader.Read())
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType) break;
            reader.Skip();
        }
        scan.HasSchema = reader.ValueTextEquals("json_schema"u8);
        if (scan.HasSchema) scan.Parameters |= RequestParameters.StructuredOutputs;
        return !reader.ValueTextEquals("text"u8);
    }

    private static bool IsTrue(ScannedMember given, ReadOnlySpan<byte> body) => body[given.Start] == (byte)'t';

    private static bool IsEmptyArray(ReadOnlySpan<byte> value) => value[0] == (byte)'[' && value[1..].TrimStart(" \t\r\n"u8)[0] == (byte)']';

    private static int? Integer(OpenAIChatScan scan, OpenAIChatRequestMember member, ReadOnlySpan<byte> body)
    {
        if (!scan.TryGet(member, out var given)) return null;
        var reader = new Utf8JsonReader(given.Slice(body));
        reader.Read();
        return reader.GetInt32();
    }

    private static string? Text(OpenAIChatScan scan, OpenAIChatRequestMember member, ReadOnlySpan<byte> body)
    {
        if (!scan.TryGet(member, out var given)) return null;
        var reader = new Utf8JsonReader(given.Slice(body));
        reader.Read();
        return reader.GetString();
    }

    private static List<string> Strings(ReadOnlySpan<byte> array)
    {
        var strings = new List<string>();
        var reader = new Utf8JsonReader(array);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.String) strings.Add(reader.GetString()!);
        return strings;
    }

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}

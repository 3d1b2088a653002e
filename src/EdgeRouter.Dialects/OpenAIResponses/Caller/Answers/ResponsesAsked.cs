using System.Buffers;
using System.Text.Json;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;
using Members = EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.ResponsesMembers;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>
/// What an answer tells of its request: it repeats the settings, names calls as the caller named the tools, and tells thoughts as a summary where one was
/// asked for. It does not depend on the body's memory. Immutable and thread-safe.
/// </summary>
internal sealed class ResponsesAsked
{
    /// <summary>Of a request that is not known.</summary>
    public static readonly ResponsesAsked Nothing = new("{}"u8.ToArray(), [], false);

    private readonly byte[] settings;
    private readonly Dictionary<string, ResponsesTool> renamed = new(StringComparer.Ordinal);

    private ResponsesAsked(ReadOnlyMemory<byte> body, IReadOnlyList<ResponsesTool> tools, bool wantsSummary)
    {
        using var document = JsonDocument.Parse(body);
        var output = new ArrayBufferWriter<byte>();
        WriteSettings(document.RootElement, output);
        settings = output.WrittenSpan.ToArray();
        foreach (var tool in tools)
            if (tool.IsRenamed) renamed[tool.SentName] = tool;
        WantsSummary = wantsSummary;
    }

    /// <summary>Whether thoughts are told as a summary.</summary>
    public bool WantsSummary { get; }

    /// <summary>What is told of a request.</summary>
    /// <param name="scan">Its scan, with the body.</param>
    /// <param name="tools">The caller's own tools.</param>
    public static ResponsesAsked Of(ResponsesScan scan, IReadOnlyList<ResponsesTool> tools) => new(scan.Body, tools, scan.Reasoning?.Summary is not null);

    /// <summary>The caller's tool behind a function, if that has another name or shape; null: it is the function.</summary>
    public ResponsesTool? ToolOf(string function) => renamed.GetValueOrDefault(function);

    /// <summary>Writes the settings of the request as members, each behind a comma.</summary>
    public void WriteSettings(IBufferWriter<byte> output) => output.Write(settings);

    private static void WriteSettings(JsonElement root, IBufferWriter<byte> output)
    {
        output.Write(",\"background\":false,\"store\":false,\"previous_response_id\":null"u8);
        foreach (var member in (ResponsesMember[])[Members.Instructions, Members.MaxOutputTokens, Members.MaxToolCalls, Members.Temperature, Members.TopP,
            Members.TopLogprobs, Members.PresencePenalty, Members.FrequencyPenalty, Members.PromptCacheKey, Members.SafetyIdentifier, Members.Reasoning])
        {
            WriteName(member, output);
            WriteValue(root.Member(member.Name), "null"u8, output);
        }
        WriteName(Members.Metadata, output);
        WriteValue(root.Member(Members.Metadata.Name), "{}"u8, output);
        WriteName(Members.ParallelToolCalls, output);
        WriteValue(root.Member(Members.ParallelToolCalls.Name), "true"u8, output);
        WriteName(Members.ToolChoice, output);
        WriteValue(root.Member(Members.ToolChoice.Name), "\"auto\""u8, output);
        WriteName(Members.Truncation, output);
        WriteValue(root.Member(Members.Truncation.Name), "\"disabled\""u8, output);
        if (root.Member(Members.User.Name) is { } user)
        {
            WriteName(Members.User, output);
            JsonBytes.Write(user, output);
        }
        WriteText(root.Member(Members.Text.Name), output);
        WriteTools(root.Member(Members.Tools.Name), output);
    }

    private static void WriteText(JsonElement? text, IBufferWriter<byte> output)
    {
        WriteName(Members.Text, output);
        output.Write("{\"format\":"u8);
        WriteValue(text?.Member("format"), "{\"type\":\"text\"}"u8, output);
        if (text?.Member("verbosity") is { } verbosity)
        {
            output.Write(",\"verbosity\":"u8);
            JsonBytes.Write(verbosity, output);
        }
        output.Write("}"u8);
    }

    /// <summary>Clients need the parameters of each function, be they null.</summary>
    private static void WriteTools(JsonElement? tools, IBufferWriter<byte> output)
    {
        WriteName(Members.Tools, output);
        output.Write("["u8);
        if (tools is { } given)
        {
            var isFirst = true;
            foreach (var tool in given.EnumerateArray())
            {
                output.Write(isFirst ? "{"u8 : ",{"u8);
                isFirst = false;
                var isFirstMember = true;
                foreach (var member in tool.EnumerateObject())
                {
                    if (!isFirstMember) output.Write(","u8);
                    isFirstMember = false;
                    ((JsonText)member.Name).WriteValue(output);
                    output.Write(":"u8);
                    JsonBytes.Write(member.Value, output);
                }
                if (tool.Text("type") == "function")
                    foreach (var name in (string[])["parameters", "strict"])
                        if (!tool.TryGetProperty(name, out _)) output.Write(name == "strict" ? ",\"strict\":null"u8 : ",\"parameters\":null"u8);
                output.Write("}"u8);
            }
        }
        output.Write("]"u8);
    }

    private static void WriteName(ResponsesMember member, IBufferWriter<byte> output)
    {
        output.Write(",\""u8);
        output.Write(member.Utf8Name);
        output.Write("\":"u8);
    }

    private static void WriteValue(JsonElement? value, ReadOnlySpan<byte> otherwise, IBufferWriter<byte> output)
    {
        if (value is { } given) JsonBytes.Write(given, output);
        else output.Write(otherwise);
    }
}

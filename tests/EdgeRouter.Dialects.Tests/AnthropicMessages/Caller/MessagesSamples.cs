using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.AnthropicMessages.Caller;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;

/// <summary>What tests of the caller's side share: requests, endpoints, and a client that joins a stream as Anthropic's own does.</summary>
internal static class MessagesSamples
{
    public const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    public static readonly AnswerHeader Header = new("gen-1760000000-AAabc", 1760000000, "acme/one", "Alpha", ExcludeReasoning: false);

    public static readonly Dictionary<string, IConversationWire> ByWire = new IConversationWire[]
    {
        new OpenAIChatWire(), new AnthropicMessagesWire(), new GeminiWire(),
    }.ToDictionary(wire => wire.Name);

    public static ConversationRequest Read(string body) => (ConversationRequest)new MessagesCallerApi().Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));

    /// <summary>Reads a request of these members beside model and, if they have none, messages.</summary>
    public static ConversationRequest With(string members) => Read(members.Contains("\"messages\"", StringComparison.Ordinal)
        ? $"{{\"model\":\"acme/one\",{members}}}" : $"{{\"model\":\"acme/one\",{Hello}{(members.Length > 0 ? "," : "")}{members}}}");

    public static Endpoint Endpoint(string wire, RequestParameters supported = (RequestParameters)ulong.MaxValue,
        RequestParameters refused = RequestParameters.None, int? limit = null)
    {
        var text = FrozenSet.Create("text");
        return new Endpoint
        {
            Model = new Model { Id = "acme/one", CanonicalSlug = "acme/one", Name = "One", InputModalities = text, OutputModalities = text },
            Provider = new Provider { Slug = "alpha", Name = "Alpha", Wire = wire, Auth = AuthSchemes.Bearer, RefusedParameters = refused },
            Tag = "alpha",
            UpstreamModel = "one-v1",
            MaxCompletionTokens = limit,
            SupportedParameters = supported,
            DataPolicy = DataPolicy.Unknown,
        };
    }

    /// <summary>What a provider gets of a request.</summary>
    public static async Task<(JsonNode Body, List<string> Dropped)> SendAsync(CallerRequest request, Endpoint endpoint)
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new List<string>();
        await request.CreateExchange(ByWire[endpoint.Provider.Wire], endpoint)
            .WriteRequestAsync(output, dropped, NoFetches.Instance, TestContext.Current.CancellationToken);
        return (JsonNode.Parse(output.WrittenSpan)!, dropped);
    }

    /// <summary>The events of a stream, each held against the rule that its name is its type.</summary>
    public static List<JsonNode> Events(string stream)
    {
        var events = new List<JsonNode>();
        foreach (var lines in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(block => block.Split('\n')))
        {
            Assert.Equal(2, lines.Length);
            var data = JsonNode.Parse(lines[1]["data: ".Length..])!;
            Assert.Equal("event: " + data["type"], lines[0]);
            events.Add(data);
        }
        return events;
    }

    /// <summary>The message that a stream is, joined as Anthropic's client joins it.</summary>
    public static JsonObject Join(string stream)
    {
        JsonObject? message = null;
        var json = new Dictionary<int, StringBuilder>();
        foreach (var one in Events(stream))
        {
            switch ((string)one["type"]!)
            {
                case "message_start":
                    Assert.Null(message);
                    message = one["message"]!.DeepClone().AsObject();
                    break;
                case "content_block_start":
                    Assert.Equal((int)one["index"]!, message!["content"]!.AsArray().Count);
                    message["content"]!.AsArray().Add(one["content_block"]!.DeepClone());
                    break;
                case "content_block_delta":
                    Apply(message!["content"]![(int)one["index"]!]!.AsObject(), one["delta"]!, json, (int)one["index"]!);
                    break;
                case "message_delta":
                    foreach (var (name, value) in one["delta"]!.AsObject()) message![name] = value?.DeepClone();
                    message!["usage"] = one["usage"]!.DeepClone();
                    break;
                case "message_stop":
                    if (one["openrouter_metadata"] is { } metadata) message!["openrouter_metadata"] = metadata.DeepClone();
                    break;
            }
        }
        foreach (var (index, text) in json) message!["content"]![index]!["input"] = JsonNode.Parse(text.ToString());
        return message!;
    }

    private static void Apply(JsonObject block, JsonNode delta, Dictionary<int, StringBuilder> json, int index)
    {
        switch ((string)delta["type"]!)
        {
            case "text_delta": block["text"] = (string)block["text"]! + (string)delta["text"]!; break;
            case "thinking_delta": block["thinking"] = (string)block["thinking"]! + (string)delta["thinking"]!; break;
            case "signature_delta": block["signature"] = (string)delta["signature"]!; break;
            case "citations_delta":
                if (block["citations"] is null) block["citations"] = new JsonArray();
                block["citations"]!.AsArray().Add(delta["citation"]!.DeepClone());
                break;
            case "input_json_delta":
                if (!json.TryGetValue(index, out var text)) json[index] = text = new StringBuilder();
                text.Append((string)delta["partial_json"]!);
                break;
        }
    }

    /// <summary>Everything that a request asks of a wire, for comparison.</summary>
    public static string Describe(ChatRequest request) => JsonSerializer.Serialize(new
    {
        request.MaxOutputTokens,
        request.Sampling,
        Tools = request.Tools.Select(tool => $"{tool.Name} {tool.Description} {tool.Parameters?.GetRawText()} {tool.Strict} {tool.CacheControl}"),
        Choice = $"{request.ToolChoice} {request.ParallelToolCalls}",
        Format = request.ResponseFormat?.Schema?.GetRawText(),
        request.Reasoning,
        request.Verbosity,
        Cache = request.CacheControl?.ToString(),
        request.ServiceTier,
        Turns = request.Messages.Select(turn => $"{turn.Role}: {string.Join(" | ", turn.Content.Select(Describe))}"),
    });

    private static string Describe(ContentPart part) => part switch
    {
        ToolResultPart result => $"result {result.CallId} {result.IsError} {result.CacheControl} [{string.Join(" | ", result.Content.Select(Describe))}]",
        _ => part.ToString(),
    };
}

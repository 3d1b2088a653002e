using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Writes canonical requests for an endpoint and shows what came of them.</summary>
internal static class AnthropicRequests
{
    public const RequestParameters Everything = (RequestParameters)ulong.MaxValue;

    public static readonly IReadOnlyList<ChatMessage> Hello = [User("Hello")];

    public static ChatMessage User(params ContentPart[] parts) => new() { Role = ChatRole.User, Content = parts };

    public static ChatMessage User(string text) => Say(ChatRole.User, text);

    public static ChatMessage Assistant(string text) => Say(ChatRole.Assistant, text);

    public static ChatMessage Say(ChatRole role, string text) => new() { Role = role, Content = [new TextPart(text)] };

    public static ChatMessage Result(string callId, params ContentPart[] parts) =>
        new() { Role = ChatRole.Tool, Content = [new ToolResultPart(callId, parts)] };

    public static ChatMessage Calls(params ToolCallPart[] calls) => new() { Role = ChatRole.Assistant, Content = calls };

    public static WireTarget Target(
        bool stream = false, int? limit = null, RequestParameters supported = Everything, RequestParameters refused = RequestParameters.None)
    {
        var provider = new Provider
        {
            Slug = "anthropic",
            Name = "Anthropic",
            Wire = WireNames.AnthropicMessages,
            Auth = AuthSchemes.XApiKey,
            RefusedParameters = refused,
        };
        var model = new Model
        {
            Id = "anthropic/claude",
            CanonicalSlug = "anthropic/claude",
            Name = "Claude",
            InputModalities = FrozenSet<string>.Empty,
            OutputModalities = FrozenSet<string>.Empty,
        };
        var endpoint = new Endpoint
        {
            Model = model,
            Provider = provider,
            Tag = "anthropic",
            UpstreamModel = "claude-sonnet-4-5",
            MaxCompletionTokens = limit,
            SupportedParameters = supported,
            DataPolicy = DataPolicy.Unknown,
        };
        return new WireTarget(endpoint, stream) { Fields = OpenAIChatFields.Instance };
    }

    public static (string Json, IReadOnlyList<string> Dropped) Write(ChatRequest request, WireTarget? target = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new List<string>();
        new AnthropicMessagesWire().WriteRequest(request, target ?? Target(), output, dropped);
        return (Encoding.UTF8.GetString(output.WrittenSpan), dropped);
    }

    /// <summary>The body's member of that name, as raw JSON; null: not there.</summary>
    public static string? Member(ChatRequest request, string name, WireTarget? target = null)
    {
        using var document = JsonDocument.Parse(Write(request, target).Json);
        return document.RootElement.TryGetProperty(name, out var member) ? member.GetRawText() : null;
    }

    public static string? Messages(params ChatMessage[] messages) => Member(new ChatRequest { Messages = messages }, "messages");

    public static string? RefusedField(params ChatMessage[] messages) => RefusedField(new ChatRequest { Messages = messages });

    public static string? RefusedField(ChatRequest request)
    {
        var error = Assert.Throws<RouterException>(() => Write(request)).Error;
        Assert.Equal(400, error.Status);
        Assert.Equal(ErrorTypes.InvalidRequest, error.Type);
        return error.Field;
    }

    public static JsonElement Parsed(string text) => JsonElement.Parse(text);
}

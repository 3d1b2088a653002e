using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Tests.Gemini;

/// <summary>Writes requests for a model that takes everything, unless told otherwise.</summary>
internal static class GeminiTarget
{
    public const string Gemini2 = "gemini-2.5-flash";
    public const string Gemini3 = "gemini-3-pro-preview";

    public static Provider GoogleAiStudio { get; } = new()
    {
        Slug = "google-ai-studio",
        Name = "Google AI Studio",
        Wire = WireNames.Gemini,
        Auth = AuthSchemes.XGoogApiKey,
    };

    public static WireTarget For(string model, RequestParameters supported = (RequestParameters)ulong.MaxValue, int? maxCompletionTokens = null,
        Provider? provider = null) =>
        new(new Endpoint
        {
            Model = new Model
            {
                Id = "google/" + model,
                CanonicalSlug = "google/" + model,
                Name = model,
                InputModalities = FrozenSet<string>.Empty,
                OutputModalities = FrozenSet<string>.Empty,
            },
            Provider = provider ?? GoogleAiStudio,
            Tag = "google-ai-studio",
            UpstreamModel = model,
            MaxCompletionTokens = maxCompletionTokens,
            SupportedParameters = supported,
            DataPolicy = DataPolicy.Unknown,
        }, false)
        { Fields = OpenAIChatFields.Instance };

    public static (string Json, List<string> Dropped) Write(ChatRequest request, WireTarget target)
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new List<string>();
        new GeminiWire().WriteRequest(request, target, output, dropped);
        return (Encoding.UTF8.GetString(output.WrittenSpan), dropped);
    }

    public static string Write(ChatRequest request, string model = Gemini2) => Write(request, For(model)).Json;

    public static ChatMessage User(params ContentPart[] content) => new() { Role = ChatRole.User, Content = content };

    public static ChatMessage User(string text) => User(new TextPart(text));

    public static ChatMessage Assistant(string text) => new() { Role = ChatRole.Assistant, Content = [new TextPart(text)] };

    public static ChatMessage Calls(params ToolCallPart[] calls) => new() { Role = ChatRole.Assistant, Content = calls };

    public static ChatMessage Result(string id, string text) => new() { Role = ChatRole.Tool, Content = [new ToolResultPart(id, [new TextPart(text)])] };

    public static ChatRequest Ask(params ChatMessage[] messages) => new() { Messages = messages };

    /// <summary>A request of one short user turn.</summary>
    public static ChatRequest Hi { get; } = Ask(User("hi"));

    public static JsonElement Parsed(string json) => JsonElement.Parse(json);
}

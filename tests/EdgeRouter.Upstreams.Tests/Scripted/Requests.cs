using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Scripted;

internal static class Requests
{
    public static ChatRequest Saying(string text) => Of(new ChatMessage { Role = ChatRole.User, Content = [new TextPart(text)] });

    public static ChatRequest Of(params ChatMessage[] messages) => new() { Messages = messages };

    public static ToolDefinition Tool(string name, string? schema = null) =>
        new() { Name = name, Parameters = schema is null ? null : JsonDocument.Parse(schema).RootElement };

    public static ChatRequest WithTools(this ChatRequest request, ToolChoiceMode? mode = null, string? function = null, bool? parallel = null) => request with
    {
        Tools = [Tool("weather", """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}"""), Tool("time")],
        ToolChoice = mode is { } given ? new ToolChoice(given, function) : null,
        ParallelToolCalls = parallel,
    };

    public static ChatRequest WithToolResult(this ChatRequest request, string result) => request with
    {
        Messages =
        [
            .. request.Messages,
            new ChatMessage { Role = ChatRole.Assistant, Content = [new ToolCallPart("call_1", "weather", "{}")] },
            new ChatMessage { Role = ChatRole.Tool, Content = [new ToolResultPart("call_1", [new TextPart(result)])] },
        ],
    };

    public static ScriptedCall Ask(string model, ChatRequest request, TimeProvider? clock = null) => new(model, request, clock ?? new VirtualTimeProvider());

    public static async Task<ChatResponse> ReadAsync(string model, ChatRequest request)
    {
        var result = await Ask(model, request).ReadAsync(default);
        Assert.Null(result.Failure);
        return result.Value!;
    }

    public static async Task<List<StreamEvent>> StreamAsync(string model, ChatRequest request) => await Ask(model, request).StreamAsync(default).ToListAsync();

    public static List<ToolCallPart> Calls(this ChatChoice choice) => [.. choice.Message.Content.OfType<ToolCallPart>()];

    public static string Text(this ChatResponse response, int choice = 0) =>
        string.Concat(response.Choices[choice].Message.Content.OfType<TextPart>().Select(part => part.Text));
}

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeRouter.ClientTests.Providers;
using OpenAI;
using OpenAI.Chat;
using Xunit;

namespace EdgeRouter.ClientTests;

/// <summary>The official <c>OpenAI</c> client of .NET.</summary>
public sealed class OpenAINuGetTests(RouterAndProviders setup)
{
    public static TheoryData<string> Dialects => [.. ClientCatalog.Dialects];

    public static TheoryData<string, string> Faults =>
        new(ClientCatalog.Dialects.SelectMany(dialect => (string[])["midstream-error", "truncated"], (dialect, fault) => (dialect, fault)));

    private static readonly ChatTool[] Tools =
    [
        ChatTool.CreateFunctionTool("get_weather", "Weather of a city",
            BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""")),
        ChatTool.CreateFunctionTool("get_time", null,
            BinaryData.FromString("""{"type":"object","properties":{"zone":{"type":"string"}},"required":["zone"]}""")),
    ];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Whole_answer_has_text_usage_and_cost_after_one_call(string dialect)
    {
        var text = Unique("Say \"übergrößenträger\" – 日本語 🎉.");

        var result = await Client(dialect, "echo").CompleteChatAsync([new SystemChatMessage("Repeat."), new UserChatMessage(text)]);

        var answer = result.Value;
        Assert.Equal(text, Text(answer.Content));
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.StartsWith("gen-", answer.Id, StringComparison.Ordinal);
        Assert.Equal($"{dialect}/echo", answer.Model);
        using var json = JsonDocument.Parse(result.GetRawResponse().Content);
        CheckUsage(answer.Usage, json.RootElement.GetProperty("usage").GetProperty("cost").GetDouble(), dialect);
        Assert.Equal(dialect == "scripted" ? 0 : 1, await ProviderCallsAsync(text));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Stream_brings_the_same_text_in_pieces_and_usage_last(string dialect)
    {
        var text = Unique("A longer text, so that it comes in several pieces.");
        var updates = await Client(dialect, "echo").CompleteChatStreamingAsync([new UserChatMessage(text)]).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(text, string.Concat(updates.Select(update => Text(update.ContentUpdate))));
        Assert.True(updates.Count(update => update.ContentUpdate.Count > 0) > 2);
        Assert.Equal([ChatFinishReason.Stop], updates.Select(update => update.FinishReason).OfType<ChatFinishReason>());
        Assert.NotNull(updates[^1].Usage);
        CheckUsage(updates[^1].Usage, null, dialect);
        Assert.Equal(dialect == "scripted" ? 0 : 1, await ProviderCallsAsync(text));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Two_tools_are_called_at_once_and_their_results_come_back(string dialect)
    {
        var client = Client(dialect, "tools");
        var options = new ChatCompletionOptions();
        foreach (var tool in Tools) options.Tools.Add(tool);
        var messages = new List<ChatMessage> { new UserChatMessage("What are the weather and the time?") };

        var first = (await client.CompleteChatAsync(messages, options)).Value;
        Assert.Equal(ChatFinishReason.ToolCalls, first.FinishReason);
        Assert.Equal(["get_weather", "get_time"], first.ToolCalls.Select(call => call.FunctionName));
        Assert.Distinct(first.ToolCalls.Select(call => call.Id));
        Assert.True(first.ToolCalls[0].FunctionArguments.ToObjectFromJson<JsonElement>().GetProperty("city").ValueKind == JsonValueKind.String);

        messages.Add(new AssistantChatMessage(first));
        messages.AddRange(first.ToolCalls.Select(call => new ToolChatMessage(call.Id, $"result of {call.FunctionName}")));
        var second = (await client.CompleteChatAsync(messages, options)).Value;
        Assert.Equal(ChatFinishReason.Stop, second.FinishReason);
        Assert.Matches("^The tool answered: .*result of get_time$", Text(second.Content));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Streamed_calls_come_in_pieces_that_join(string dialect)
    {
        var options = new ChatCompletionOptions { ToolChoice = ChatToolChoice.CreateRequiredChoice() };
        foreach (var tool in Tools) options.Tools.Add(tool);
        var arguments = new SortedDictionary<int, StringBuilder>();
        var names = new SortedDictionary<int, string>();
        ChatFinishReason? reason = null;

        await foreach (var update in Client(dialect, "tools").CompleteChatStreamingAsync([new UserChatMessage("The weather and the time?")], options))
        {
            reason ??= update.FinishReason;
            foreach (var call in update.ToolCallUpdates)
            {
                if (call.FunctionName is { Length: > 0 } name) names.Add(call.Index, name);
                if (!arguments.TryGetValue(call.Index, out var text)) arguments[call.Index] = text = new StringBuilder();
                text.Append(call.FunctionArgumentsUpdate);
            }
        }

        Assert.Equal(ChatFinishReason.ToolCalls, reason);
        Assert.Equal(["get_weather", "get_time"], names.Values);
        Assert.Equal(["city", "zone"], arguments.Values.Select(text => JsonElement.Parse(text.ToString()).EnumerateObject().Single().Name));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Pictures_arrive_as_bytes_and_as_a_url(string dialect)
    {
        var answer = (await Client(dialect, "image").CompleteChatAsync(
        [
            new UserChatMessage(
                ChatMessageContentPart.CreateTextPart("Look:"),
                ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(ProviderServer.Picture), "image/png"),
                ChatMessageContentPart.CreateImagePart(new Uri(setup.Providers, "picture.png"))),
        ])).Value;

        var seen = $"image image/png {ProviderServer.Picture.Length} bytes";
        Assert.EndsWith($"{seen}; {(dialect == "scripted" ? "image at a URL" : seen)}", Text(answer.Content), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Answer_fits_the_schema_asked_for(string dialect)
    {
        var schema = """
            {"type":"object","properties":{"name":{"type":"string"},"sizes":{"type":"array","items":{"type":"integer"}}},
             "required":["name","sizes"],"additionalProperties":false}
            """;
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("dish", BinaryData.FromString(schema),
            jsonSchemaIsStrict: true)
        };

        var answer = (await Client(dialect, "json").CompleteChatAsync([new UserChatMessage("A dish, please.")], options)).Value;

        var dish = JsonElement.Parse(Text(answer.Content));
        Assert.Equal(["name", "sizes"], dish.EnumerateObject().Select(member => member.Name));
        Assert.All(dish.GetProperty("sizes").EnumerateArray(), size => size.GetInt32());
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Reasoning_is_told_apart_from_the_answer(string dialect)
    {
#pragma warning disable OPENAI001 // The client marks the option as likely to change; its wire form is what the router must take.
        var options = new ChatCompletionOptions { ReasoningEffortLevel = ChatReasoningEffortLevel.High };
#pragma warning restore OPENAI001

        var result = await Client(dialect, "reasoning").CompleteChatAsync([new UserChatMessage("Think about this.")], options);

        Assert.Equal("Think about this.", Text(result.Value.Content));
        using var json = JsonDocument.Parse(result.GetRawResponse().Content);
        Assert.StartsWith("The user said something.", json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("reasoning").GetString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Errors_have_their_status_and_are_tried_once_more_at_most_by_the_router(string dialect)
    {
        Assert.Equal(401, await StatusAsync(Client(dialect, "echo", key: "sk-wrong-0123456789abcdef"), "Hello?"));
        Assert.Equal(400, await StatusAsync(Client("nobody", "nothing"), "Hello?"));
        var text = Unique("too much");
        Assert.Equal(429, await StatusAsync(Client(dialect, "error-429"), text));
        // None while the provider's last 429 asks to wait; one more when the wait is short.
        Assert.InRange(await ProviderCallsAsync(text), 0, 2);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Broken_stream_never_looks_complete(string dialect, string fault)
    {
        var text = Unique("Hello, are you there, and will you stay until the very end of what I have to say?");
        var said = new StringBuilder();
        var reasons = new List<ChatFinishReason>();

        // This client knows no finish reason "error", and refuses the chunk that has it.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in Client(dialect, fault).CompleteChatStreamingAsync([new UserChatMessage(text)]))
            {
                said.Append(Text(update.ContentUpdate));
                if (update.FinishReason is { } reason) reasons.Add(reason);
            }
        });

        Assert.NotEqual(0, said.Length);
        Assert.StartsWith(said.ToString(), text, StringComparison.Ordinal);
        Assert.NotEqual(text.Length, said.Length);
        Assert.Empty(reasons);
        Assert.Equal(dialect == "scripted" ? 0 : 1, await ProviderCallsAsync(text));
    }

    private static async Task<int> StatusAsync(ChatClient client, string text) =>
        (await Assert.ThrowsAsync<ClientResultException>(() => client.CompleteChatAsync([new UserChatMessage(text)]))).Status;

    private ChatClient Client(string author, string slug, string key = RouterAndProviders.InferenceKey) =>
        new($"{author}/{slug}", new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = new Uri(setup.Router, "api/v1"),
            // Whatever is called twice then, the router called twice.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        });

    private static string Text(ChatMessageContent content) => string.Concat(content.Select(part => part.Text));

    private static string Unique(string text) => $"{text} {Guid.NewGuid():N}";

    private async Task<int> ProviderCallsAsync(string text)
    {
        using var web = new HttpClient();
        return int.Parse(await web.GetStringAsync(new Uri(setup.Providers, "calls?text=" + Uri.EscapeDataString(text))), CultureInfo.InvariantCulture);
    }

    private static void CheckUsage(ChatTokenUsage usage, double? cost, string dialect)
    {
        var cached = usage.InputTokenDetails?.CachedTokenCount ?? 0;
        Assert.Equal(dialect == "scripted" ? 0 : SmallModel.CachedTokens, cached);
        Assert.True(usage.InputTokenCount > cached);
        Assert.True(usage.OutputTokenCount > 0);
        Assert.Equal(usage.InputTokenCount + usage.OutputTokenCount, usage.TotalTokenCount);
        if (cost is not null) Assert.Equal((usage.InputTokenCount - cached) * 0.000001 + cached * 0.0000001 + usage.OutputTokenCount * 0.000002, cost.Value, 9);
    }
}

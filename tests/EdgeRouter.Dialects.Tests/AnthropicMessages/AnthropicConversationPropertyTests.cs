using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>What holds for every conversation, tried on many random ones.</summary>
public sealed class AnthropicConversationPropertyTests
{
    [Fact]
    public void Any_conversation_is_well_formed_for_the_api()
    {
        var random = new Random(42);
        var written = 0;
        for (var round = 0; round < 3000; round++)
        {
            var turns = Enumerable.Range(0, random.Next(1, 10)).Select(_ => Turn(random)).ToList();
            var request = new ChatRequest { Messages = turns, CacheControl = new CacheControl() };
            string json;
            try
            {
                json = Write(request).Json;
            }
            catch (RouterException error)
            {
                Assert.Equal("messages", error.Error.Field); // nothing but blank turns
                continue;
            }
            written++;
            using var document = JsonDocument.Parse(json);
            CheckMessages(document.RootElement.GetProperty("messages"));
            CheckNothingSaidIsLost(request, json);
        }
        Assert.InRange(written, 2000, 3000);
    }

    private static void CheckMessages(JsonElement messages)
    {
        string? before = null;
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.GetProperty("role").GetString();
            Assert.NotEqual(before, role);
            before = role;
            var types = message.GetProperty("content").EnumerateArray().Select(block => block.GetProperty("type").GetString()).ToList();
            Assert.NotEmpty(types);
            Assert.Equal(types.Count(type => type == "tool_result"), types.TakeWhile(type => type == "tool_result").Count());
            foreach (var block in message.GetProperty("content").EnumerateArray())
                if (block.TryGetProperty("text", out var text)) Assert.False(string.IsNullOrWhiteSpace(text.GetString()));
        }
        var last = messages[messages.GetArrayLength() - 1];
        var end = last.GetProperty("content").EnumerateArray().Last();
        if (before == "assistant" && end.TryGetProperty("text", out var prefill)) Assert.Equal(prefill.GetString()!.TrimEnd(), prefill.GetString());
    }

    private static void CheckNothingSaidIsLost(ChatRequest request, string json)
    {
        foreach (var message in request.Messages)
        {
            foreach (var text in message.Content.Concat(message.Content.OfType<ToolResultPart>().SelectMany(result => result.Content)).OfType<TextPart>())
                if (!string.IsNullOrWhiteSpace(text.Text)) Assert.Contains(text.Text.Trim(), json);
            foreach (var call in message.Content.OfType<ToolCallPart>()) Assert.Contains($"\"id\":\"{call.Id}\"", json);
        }
    }

    private static ChatMessage Turn(Random random)
    {
        var role = (ChatRole)random.Next(5);
        List<ContentPart> content = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new TextPart(Words(random)))];
        if (role == ChatRole.Tool) content = [new ToolResultPart($"call_{random.Next(100)}", content)];
        if (role == ChatRole.Assistant && random.Next(3) == 0)
            content.Insert(random.Next(content.Count + 1), new ToolCallPart($"call_{random.Next(1_000_000)}", "f", "{}"));
        return new ChatMessage { Role = role, Content = content };
    }

    private static string Words(Random random) => random.Next(4) == 0 ? " \n" : $"said-{random.Next(1_000_000)} ";
}

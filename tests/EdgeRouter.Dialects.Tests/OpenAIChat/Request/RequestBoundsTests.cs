using System.Globalization;
using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

public sealed class RequestBoundsTests
{
    private const int LargestBody = 32 * 1024 * 1024;
    private const string Chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],";
    private const string Assistant = "{\"messages\":[{\"role\":\"assistant\",\"content\":\"\",";

    /// <summary>Field; what stands before the items, one item (# is its number), what stands behind them; the bound.</summary>
    public static TheoryData<string, string, string, string, int> Lists => new()
    {
        { "messages", "{\"messages\":[", "{\"role\":\"user\",\"content\":\"\"}", "]}", RequestBounds.Messages },
        { "messages[0].content", "{\"messages\":[{\"role\":\"user\",\"content\":[", "{\"type\":\"text\",\"text\":\"\"}", "]}]}", RequestBounds.Parts },
        { "messages[0].tool_calls", Assistant + "\"tool_calls\":[", "{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}", "]}]}",
            RequestBounds.ToolCalls },
        { "messages[0].reasoning_details", Assistant + "\"reasoning_details\":[", "{\"type\":\"reasoning.text\"}", "]}]}", RequestBounds.ReasoningBlocks },
        { "messages[0].images", Assistant + "\"images\":[", "{\"image_url\":{\"url\":\"\"}}", "]}]}", RequestBounds.Made },
        { "messages[0].annotations", Assistant + "\"annotations\":[", "{}", "]}]}", RequestBounds.Made },
        { "tools", Chat + "\"tools\":[", "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}", "]}", RequestBounds.Tools },
        { "stop", Chat + "\"stop\":[", "\"\"", "]}", RequestBounds.Stop },
        { "models", Chat + "\"models\":[", "\"m\"", "]}", RequestBounds.Models },
        { "provider.order", Chat + "\"provider\":{\"order\":[", "\"p\"", "]}}", RequestBounds.Providers },
        { "provider.only", Chat + "\"provider\":{\"only\":[", "\"p\"", "]}}", RequestBounds.Providers },
        { "provider.ignore", Chat + "\"provider\":{\"ignore\":[", "\"p\"", "]}}", RequestBounds.Providers },
        { "provider.quantizations", Chat + "\"provider\":{\"quantizations\":[", "\"fp8\"", "]}}", RequestBounds.Options },
        { "modalities", Chat + "\"modalities\":[", "\"text\"", "]}", RequestBounds.Options },
        { "plugins", Chat + "\"plugins\":[", "{\"id\":\"web\",\"enabled\":false}", "]}", RequestBounds.Options },
        { "stop_server_tools_when", Chat + "\"stop_server_tools_when\":[", "{\"type\":\"max_cost\",\"max_cost_in_dollars\":1}", "]}", RequestBounds.Options },
        { "image_config", Chat + "\"image_config\":{", "\"#\":1", "}}", RequestBounds.Options },
        { "metadata", Chat + "\"metadata\":{", "\"#\":\"\"", "}}", RequestBounds.Notes },
        { "logit_bias", Chat + "\"logit_bias\":{", "\"1\":0", "}}", RequestBounds.Biases },
        { "prediction.content", Chat + "\"prediction\":{\"type\":\"content\",\"content\":[", "{\"type\":\"text\",\"text\":\"\"}", "]}}", RequestBounds.Parts },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void List_as_long_as_its_bound_is_taken_and_one_more_item_is_refused_by_name(string field, string before, string item, string after, int most)
    {
        OpenAIChatRequestScanner.Scan(Body(before, item, after, most));

        var error = Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(Body(before, item, after, most + 1))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
        Assert.Contains($"at most {most} ", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Keeps nothing of the items behind the bound.</summary>
    [Theory]
    [MemberData(nameof(Lists))]
    public void Largest_body_of_one_list_is_refused_without_memory_for_its_items(string field, string before, string item, string after, int most)
    {
        const long Kept = 8 * 1024 * 1024;
        var body = Body(before, item, after, LargestBody / (item.Length + 1));
        var start = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(body)).Error;

        Assert.Equal(field, error.Field);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, Kept);
        Assert.True(most < LargestBody / (item.Length + 1));
    }

    [Theory]
    [InlineData("[", "\"\"", "]", "at most 2048 prompts")]
    [InlineData("[", "[1]", "]", "at most 2048 prompts")]
    [InlineData("[", "1", "]", "at most 4194304 token ids")]
    [InlineData("[[", "1", "]]", "at most 4194304 token ids")]
    public void Largest_body_of_prompts_is_refused_without_memory_for_its_items(string before, string item, string after, string expected)
    {
        const long Kept = 8 * 1024 * 1024;
        var body = Body("{\"prompt\":" + before, item, after + "}", LargestBody / (item.Length + 1));
        var start = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<RouterException>(() => new CompletionsCallerApi().Read(NoHead.Instance, body)).Error;

        Assert.Equal("prompt", error.Field);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start, 0, Kept);
    }

    [Fact]
    public void More_choices_than_the_bound_are_refused() =>
        Assert.Equal("n", Assert.Throws<RouterException>(() => OpenAIChatRequestScanner.Scan(RequestCorpus.WithMembers("\"n\":129"))).Error.Field);

    [Theory]
    [MemberData(nameof(Lists))]
    public void Documentation_shows_the_bound(string field, string before, string item, string after, int most)
    {
        _ = (before, item, after);
        var shown = field.Replace("[0]", "[]", StringComparison.Ordinal);
        var row = File.ReadLines(RepositoryRoot.Of("docs", "request-limits.md")).Single(line => line.StartsWith($"| `{shown}`", StringComparison.Ordinal));

        Assert.EndsWith($"| {most.ToString("N0", CultureInfo.InvariantCulture)} |", row, StringComparison.Ordinal);
    }

    private static byte[] Body(string before, string item, string after, int count)
    {
        var isNumbered = item.Contains('#', StringComparison.Ordinal);
        var text = new StringBuilder(before, before.Length + (item.Length + 1) * count + after.Length);
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(',');
            text.Append(isNumbered ? item.Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) : item);
        }
        return Encoding.UTF8.GetBytes(text.Append(after).ToString());
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using EdgeRouter.ClientTests.Providers;
using Xunit;

namespace EdgeRouter.ClientTests.Matrix;

/// <summary>
/// Every caller API on every wire, whole and streamed, through the router to a provider that checks each request as strictly as the real one. What the
/// caller sees must not depend on the wire.
/// </summary>
public sealed class MatrixTests(RouterAndProviders setup)
{
    private const string Thought = "The user said something. I will think about it, and then answer.";

    /// <summary>The wires, by the name that stands in the models of <see cref="ClientCatalog"/>.</summary>
    internal static readonly string[] Wires = [.. ClientCatalog.Dialects.Skip(1)];

    /// <summary>Every cell: the caller API, the wire, the scenario, and whether it is a stream.</summary>
    public static TheoryData<string, string, string, bool> Cells => new(
        from caller in MatrixCaller.All
        from wire in Wires
        from scenario in Enum.GetValues<Scenario>().Where(caller.Has)
        from stream in (bool[])[false, true]
        select (caller.Name, wire, scenario.ToString(), stream));

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task What_the_caller_sees_does_not_depend_on_the_wire(string api, string wire, string scenario, bool stream)
    {
        var caller = MatrixCaller.All.Single(caller => caller.Name == api);
        var run = new MatrixRun(setup, caller, wire, Enum.Parse<Scenario>(scenario), stream);
        switch (run.Scenario)
        {
            case Scenario.Text:
                await AnswersAsync(run, "echo", text => text);
                break;
            case Scenario.Image:
                await AnswersAsync(run, "image", text => $"{text} I see image image/png {ProviderServer.Picture.Length} bytes");
                break;
            case Scenario.Structured:
                var structured = await AnswersAsync(run, "json", _ => null);
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Ask.SchemaAnswer), JsonNode.Parse(structured.Text)), structured.Text);
                break;
            case Scenario.Reasoning:
                Assert.Equal(Thought, (await AnswersAsync(run, "reasoning", text => text)).Thought);
                break;
            case Scenario.Tool or Scenario.ParallelTools:
                await CallsToolsAsync(run);
                break;
            case Scenario.ErrorBefore:
                var (status, refused) = await run.AskAsync("error-429");
                Assert.Equal(429, status);
                Assert.NotEmpty(refused.Error!);
                Assert.True(refused.RateLimited);
                break;
            case Scenario.ErrorMidStream:
                await FailsInTheMiddleAsync(run);
                break;
            case Scenario.Abort:
                await run.LeaveAsync("left");
                break;
        }
    }

    private static async Task<Seen> AnswersAsync(MatrixRun run, string slug, Func<string, string?> expected)
    {
        var (status, seen) = await run.AskAsync(slug);
        Assert.Null(seen.Error);
        Assert.Equal(200, status);
        Assert.True(seen.Complete, "the answer has no end");
        Assert.False(seen.StoppedForTools);
        if (expected(run.Text) is { } text) Assert.Equal(text, seen.Text);
        Assert.True(seen.InputTokens > 0 && seen.OutputTokens > 0, "the answer tells its tokens");
        return seen;
    }

    private static async Task CallsToolsAsync(MatrixRun run)
    {
        var (_, first) = await run.AskAsync("tools");
        Assert.Null(first.Error);
        Assert.True(first.Complete && first.StoppedForTools);
        Assert.Equal(run.Scenario == Scenario.ParallelTools ? ["get_weather", "get_time"] : ["get_weather"], first.Calls.Select(call => call.Name));
        Assert.Equal("sample", (string?)JsonNode.Parse(first.Calls[0].Arguments)!["city"]);
        Assert.Equal(first.Calls.Count, first.Calls.Select(call => call.Id).Distinct().Count());

        var (_, second) = await run.AskAsync("tools", first);
        Assert.Null(second.Error);
        Assert.Equal("The tool answered: " + string.Join("; ", first.Calls.Select(Ask.ResultOf)), second.Text);
        Assert.True(second.Complete && !second.StoppedForTools);
    }

    private static async Task FailsInTheMiddleAsync(MatrixRun run)
    {
        var (status, seen) = await run.AskAsync("midstream-error");
        Assert.NotEmpty(seen.Error!);
        Assert.False(seen.Complete);
        if (run.Stream)
        {
            Assert.Equal(200, status);
            Assert.True(seen.Text.Length > 0 && seen.Text.Length < run.Text.Length && run.Text.StartsWith(seen.Text, StringComparison.Ordinal), seen.Text);
        }
        else
        {
            Assert.InRange(status, 500, 599);
        }
    }
}

/// <summary>One cell of the matrix.</summary>
internal sealed class MatrixRun(RouterAndProviders setup, MatrixCaller caller, string wire, Scenario scenario, bool stream)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    public Scenario Scenario => scenario;

    public bool Stream => stream;

    /// <summary>What the user says: of this cell alone, so that the provider's counts are too.</summary>
    public string Text { get; } = $"Hello {caller.Name} on {wire}, are you there, and will you stay to the end? {scenario} {stream} {Guid.NewGuid():N}";

    public async Task<(int Status, Seen Seen)> AskAsync(string slug, Seen? earlier = null)
    {
        using var deadline = new CancellationTokenSource(Longest);
        using var client = new HttpClient { BaseAddress = setup.Router };
        using var request = caller.Write(new Ask(scenario, $"{wire}/{slug}", stream, Text, earlier));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        var body = await response.Content.ReadAsStringAsync(deadline.Token);
        var streamed = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        Assert.Equal(stream && response.IsSuccessStatusCode, streamed);
        return ((int)response.StatusCode, streamed ? caller.ReadStream(body) : caller.ReadWhole(JsonNode.Parse(body)!));
    }

    /// <summary>Asks, leaves when the provider has the request and, of a stream, the first bytes are there, and waits until the provider sees it.</summary>
    public async Task LeaveAsync(string slug)
    {
        using var deadline = new CancellationTokenSource(Longest);
        using var leaving = new CancellationTokenSource();
        using var client = new HttpClient { BaseAddress = setup.Router };
        using var request = caller.Write(new Ask(scenario, $"{wire}/{slug}", stream, Text));
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        await CountAsync("calls", deadline.Token);
        if (stream)
        {
            using var response = await sending;
            await using var body = await response.Content.ReadAsStreamAsync(deadline.Token);
            Assert.True(await body.ReadAsync(new byte[1], deadline.Token) > 0);
        }
        await leaving.CancelAsync();
        if (!stream) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await CountAsync("hangups", deadline.Token);
    }

    // Polls the provider until it has counted one.
    private async Task CountAsync(string what, CancellationToken deadline)
    {
        using var client = new HttpClient { BaseAddress = setup.Providers };
        while (int.Parse(await client.GetStringAsync($"/{what}?text={Uri.EscapeDataString(Text)}", deadline), CultureInfo.InvariantCulture) == 0)
            await Task.Delay(20, deadline);
    }
}

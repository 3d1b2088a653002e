using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Media;
using EdgeRouter.Upstreams.Tests.Http;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Media;

public sealed class MediaInlinerTests : IDisposable
{
    private static readonly UpstreamOptions Options = new() { AllowPrivateFetch = true, MaxMediaPerRequest = 3 };
    private readonly MediaFetcher fetcher = new(Options, TimeProvider.System);

    public void Dispose() => fetcher.Dispose();

    [Fact]
    public async Task Request_without_urls_is_returned_as_it_is()
    {
        var request = Request(new TextPart("hi"), new ImagePart("data:image/png;base64,AAAA"));
        Assert.Same(request, (await InlineAsync(request)).Request);
    }

    [Fact]
    public async Task Urls_become_data_and_all_else_stays()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync(context.Request.Path == "/i" ? "GIF89a" : "%PDF-1"));
        var (request,
            _) = await InlineAsync(Request(new TextPart("look"), new ImagePart(server.Url + "/i", "high"), new FilePart("a.pdf", server.Url + "/f", null)));
        Assert.Equal(
            [new TextPart("look"), new ImagePart("data:image/gif;base64,R0lGODlh", "high"),
                new FilePart("a.pdf", "data:application/pdf;base64,JVBERi0x", null)],
            request!.Messages[1].Content);
        Assert.Equal("be kind", ((TextPart)request.Messages[0].Content[0]).Text);
    }

    [Fact]
    public async Task Urls_in_the_result_of_a_tool_become_data()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync("GIF89a"));
        var result = new ToolResultPart("c", [new TextPart("seen"), new ImagePart(server.Url)]) { IsError = true };
        var (request, _) = await InlineAsync(Request(new ChatMessage { Role = ChatRole.Tool, Content = [result] }));

        var inlined = Assert.IsType<ToolResultPart>(Assert.Single(request!.Messages[1].Content));
        Assert.Equal(("c", true), (inlined.CallId, inlined.IsError));
        Assert.Equal([new TextPart("seen"), new ImagePart("data:image/gif;base64,R0lGODlh")], inlined.Content);
    }

    [Fact]
    public async Task Fault_in_the_result_of_a_tool_names_the_part_inside()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync("plain"));
        var result = new ToolResultPart("c", [new TextPart("seen"), new ImagePart(server.Url)]);
        var (request, error) = await InlineAsync(Request(new ChatMessage { Role = ChatRole.Tool, Content = [result] }));

        Assert.Null(request);
        Assert.Equal("messages[1].content[1].image_url.url", error!.Field);
    }

    [Fact]
    public async Task Fault_names_the_part()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync("plain"));
        var (request, error) = await InlineAsync(Request(new TextPart("look"), new ImagePart(server.Url)));
        Assert.Null(request);
        Assert.Equal("messages[1].content[1].image_url.url", error!.Field);
    }

    [Fact]
    public async Task Too_many_urls_are_refused_before_any_is_fetched()
    {
        var (_, error) = await InlineAsync(Request([.. Enumerable.Repeat(new ImagePart("http://127.0.0.1:1/"), 4)]));
        Assert.Equal("messages: at most 3 URLs can be fetched for one request, found 4", error!.Message);
    }

    [Fact]
    public async Task Url_is_fetched_once_for_all_attempts_of_a_request()
    {
        var requests = 0;
        await using var server = await TestServer.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            return context.Response.WriteAsync("GIF89a");
        });
        var media = new MediaInliner(fetcher, Options).ForRequest("caller", CancellationToken.None);
        var asked = Request(new ImagePart(server.Url), new ImagePart(server.Url, "high"));

        for (var attempt = 0; attempt < 3; attempt++) Assert.NotNull((await InlineAsync(media, asked, CancellationToken.None)).Request);

        Assert.Equal(1, requests);
    }

    [Fact]
    public async Task Attempt_that_is_given_up_leaves_the_fetch_to_the_others()
    {
        var arrived = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            arrived.SetResult();
            await go.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("GIF89a");
        });
        using var loser = new CancellationTokenSource();
        var media = new MediaInliner(fetcher, Options).ForRequest("caller", CancellationToken.None);
        var first = InlineAsync(media, Request(new ImagePart(server.Url)), loser.Token).AsTask();
        var second = InlineAsync(media, Request(new ImagePart(server.Url)), CancellationToken.None).AsTask();
        await arrived.Task;

        await loser.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        go.SetResult();

        Assert.NotNull((await second).Request);
    }

    [Fact]
    public async Task Request_with_many_slow_urls_leaves_turns_to_another_request()
    {
        var options = new UpstreamOptions { AllowPrivateFetch = true, MaxConcurrentFetches = 8, MaxFetchesPerRequest = 2 };
        using var shared = new MediaFetcher(options, TimeProvider.System);
        using var slow = new SemaphoreSlim(0);
        var waiting = 0;
        await using var server = await TestServer.StartAsync(async context =>
        {
            if (context.Request.Path != "/quick")
            {
                Interlocked.Increment(ref waiting);
                await slow.WaitAsync(context.RequestAborted);
            }
            await context.Response.WriteAsync("GIF89a");
        });
        var inliner = new MediaInliner(shared, options);
        var greedy = InlineAsync(inliner.ForRequest("caller", CancellationToken.None),
            Request([.. Enumerable.Range(0, 10).Select(i => new ImagePart($"{server.Url}/{i}"))]), CancellationToken.None).AsTask();

        var modest = await InlineAsync(inliner.ForRequest("caller", CancellationToken.None), Request(new ImagePart(server.Url + "/quick")),
            CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.NotNull(modest.Request);
        Assert.InRange(Volatile.Read(ref waiting), 0, 2);
        slow.Release(10);
        Assert.NotNull((await greedy).Request);
    }

    [Fact]
    public async Task Turn_that_is_free_goes_to_the_caller_with_fewer()
    {
        var options = new UpstreamOptions { AllowPrivateFetch = true, MaxConcurrentFetches = 4, MediaTimeout = TimeSpan.FromMinutes(5) };
        using var shared = new MediaFetcher(options, TimeProvider.System);
        using var slow = new SemaphoreSlim(0);
        using var arrived = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(async context =>
        {
            if (context.Request.Path != "/quick")
            {
                arrived.Release();
                await slow.WaitAsync(context.RequestAborted);
            }
            await context.Response.WriteAsync("GIF89a");
        });
        var inliner = new MediaInliner(shared, options);
        var greedy = Enumerable.Range(0, 5).Select(i => InlineAsync(inliner.ForRequest("greedy", CancellationToken.None),
            Request(new ImagePart($"{server.Url}/{i}")), CancellationToken.None).AsTask()).ToArray();
        for (var i = 0; i < 4; i++) Assert.True(await arrived.WaitAsync(TimeSpan.FromSeconds(30)));

        // Alone it had every turn; the first one that is free is not for its fifth request, which came before.
        var modest = InlineAsync(inliner.ForRequest("modest", CancellationToken.None), Request(new ImagePart(server.Url + "/quick")),
            CancellationToken.None).AsTask();
        Assert.False(modest.IsCompleted);
        slow.Release();

        Assert.NotNull((await modest.WaitAsync(TimeSpan.FromSeconds(30))).Request);
        slow.Release(4);
        foreach (var one in greedy) Assert.NotNull((await one.WaitAsync(TimeSpan.FromSeconds(30))).Request);
    }

    [Theory]
    [InlineData("http://10.0.0.1/a.png")]
    [InlineData("http://127.0.0.1:1/a.png")]
    [InlineData("file:///etc/passwd")]
    public async Task Url_for_a_provider_in_the_operators_network_is_judged_and_refused_by_name(string url)
    {
        var options = new UpstreamOptions();
        using var careful = new MediaFetcher(options, TimeProvider.System);
        var media = new MediaInliner(careful, options).ForRequest("caller", CancellationToken.None);
        var asked = Request(new ImagePart(url) { IsGenerated = false });

        var (passed, _) = await media.InlineAsync(asked, new OpenAIChatWire(), Elsewhere, OpenAIChatFields.Instance, CancellationToken.None);
        var (request, error) = await media.InlineAsync(asked, new OpenAIChatWire(), At("http://localhost:8000/v1"), OpenAIChatFields.Instance,
            CancellationToken.None);

        Assert.Same(asked, passed);
        Assert.Null(request);
        Assert.Equal((400, "messages[1].content[0].image_url.url"), (error!.Status, error.Field));
    }

    [Fact]
    public async Task Everything_is_inlined_for_a_provider_in_the_operators_network_and_what_is_no_url_stays()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.WriteAsync("GIF89a"));
        var options = new UpstreamOptions();
        using var open = new MediaFetcher(options, TimeProvider.System, static _ => true);
        var media = new MediaInliner(open, options).ForRequest("caller", CancellationToken.None);
        var made = new ImagePart(server.Url + "/made") { IsGenerated = true, Json = System.Text.Json.JsonElement.Parse("{}") };
        var asked = Request(new ImagePart(server.Url + "/a"), made, new ImagePart("data:image/png;base64,AA=="), new FilePart("a", "QUJD", null));

        var (request, _) = await media.InlineAsync(asked, new OpenAIChatWire(), At("http://vllm:8000/v1"), OpenAIChatFields.Instance, CancellationToken.None);

        var content = request!.Messages[1].Content;
        Assert.All(content.Take(2), part => Assert.StartsWith("data:image/gif;base64,", Assert.IsType<ImagePart>(part).Url, StringComparison.Ordinal));
        Assert.Null(((ImagePart)content[1]).Json);
        Assert.Equal(asked.Messages[1].Content.Skip(2), content.Skip(2));
    }

    [Fact]
    public async Task Setting_lets_urls_pass_to_a_provider_in_the_operators_network()
    {
        var media = new MediaInliner(fetcher, Options).ForRequest("caller", CancellationToken.None);
        var asked = Request(new ImagePart("http://10.0.0.1/a.png"));

        Assert.Same(asked, (await media.InlineAsync(asked, new OpenAIChatWire(), At("http://vllm/v1"), OpenAIChatFields.Instance,
            CancellationToken.None)).Request);
    }

    private ValueTask<(ChatRequest? Request, EdgeRouter.Core.Errors.RouterError? Error)> InlineAsync(ChatRequest request) =>
        InlineAsync(new MediaInliner(fetcher, Options).ForRequest("caller", CancellationToken.None), request, CancellationToken.None);

    private static ValueTask<(ChatRequest? Request, EdgeRouter.Core.Errors.RouterError? Error)> InlineAsync(
        RequestMedia media, ChatRequest request, CancellationToken attempt) =>
        media.InlineAsync(request, new TestWire(), Elsewhere, OpenAIChatFields.Instance, attempt);

    private static readonly Provider Elsewhere = At("https://api.example.com/v1");

    private static Provider At(string baseUrl) =>
        new() { Slug = "p", Name = "P", Wire = WireNames.OpenAIChat, Auth = AuthSchemes.Bearer, BaseUrl = new Uri(baseUrl) };

    private static ChatRequest Request(params ContentPart[] parts) => Request(new ChatMessage { Role = ChatRole.User, Content = parts });

    private static ChatRequest Request(ChatMessage message) => new()
    {
        Messages = [new ChatMessage { Role = ChatRole.System, Content = [new TextPart("be kind")] }, message],
    };
}

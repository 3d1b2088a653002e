using System.Net;
using EdgeRouter.Core.Errors;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Media;
using EdgeRouter.Upstreams.Tests.Http;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Media;

public class MediaFetcherTests
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
    private static readonly UpstreamOptions Open = new() { AllowPrivateFetch = true, MaxMediaBytes = 100_000 };

    [Fact]
    public async Task Image_becomes_a_data_url()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.Body.WriteAsync(Png).AsTask());
        Assert.Equal("data:image/png;base64,iVBORw0KGgoBAgM=", (await FetchAsync(server.Url)).DataUrl);
    }

    [Theory]
    [InlineData(MediaKind.File, "%PDF-1.7 x", "application/octet-stream", "data:application/pdf;base64,")]
    [InlineData(MediaKind.File, "a,b", "text/csv; charset=utf-8", "data:text/csv;base64,")]
    [InlineData(MediaKind.File, "GIF89a...", "text/plain", "data:image/gif;base64,")]
    [InlineData(MediaKind.Video, "\0\0\0\u0018ftypisom", "video/mp4", "data:video/mp4;base64,")]
    [InlineData(MediaKind.Video, "\0\0\0\u0018ftypqt  ", "video/mp4", "data:video/quicktime;base64,")]
    [InlineData(MediaKind.Image, "RIFF\0\0\0\0WEBPVP8 ", "image/png", "data:image/webp;base64,")]
    public async Task Type_is_that_of_the_bytes(MediaKind kind, string body, string declared, string expected)
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.ContentType = declared;
            return context.Response.WriteAsync(body);
        });
        Assert.StartsWith(expected, (await FetchAsync(server.Url, kind)).DataUrl!);
    }

    [Theory]
    [InlineData(MediaKind.Image, "<html>login</html>", "image/png", ErrorTypes.UnsupportedImageFormat)]
    [InlineData(MediaKind.Image, "", "image/png", ErrorTypes.UnsupportedImageFormat)]
    [InlineData(MediaKind.File, "MZ\0binary", "text/plain", ErrorTypes.InvalidRequest)]
    [InlineData(MediaKind.File, "text", "application/x-executable", ErrorTypes.InvalidRequest)]
    [InlineData(MediaKind.Video, "%PDF-1.7", "video/mp4", ErrorTypes.InvalidRequest)]
    public async Task Other_content_is_refused_with_what_was_expected(MediaKind kind, string body, string declared, string type)
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.ContentType = declared;
            return context.Response.WriteAsync(body);
        });
        var error = (await FetchAsync(server.Url, kind)).Error!;
        Assert.Equal((400, type, "messages[0].x"), (error.Status, error.Type, error.Field));
        Assert.StartsWith("messages[0].x: expected ", error.Message);
    }

    [Theory]
    [InlineData("ftp://example.com/a.png")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/a.png")]
    [InlineData("http://")]
    [InlineData("https://user:pass@example.com/a.png")]
    [InlineData("javascript:alert(1)")]
    public async Task Url_of_another_kind_is_refused(string url)
    {
        var error = (await FetchAsync(url)).Error!;
        Assert.Equal((400, ErrorTypes.InvalidRequest), (error.Status, error.Type));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("0x7f.1")]
    [InlineData("2130706433")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::1]")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    public async Task Inner_address_is_refused_without_a_request(string host)
    {
        var requests = 0;
        await using var server = await TestServer.StartAsync(context =>
        {
            requests++;
            return context.Response.Body.WriteAsync(Png).AsTask();
        });
        var error = (await FetchAsync($"http://{host}:{new Uri(server.Url).Port}/a.png", options: new UpstreamOptions())).Error!;
        Assert.Equal(ErrorTypes.ImageDownloadFailed, error.Type);
        Assert.Equal("messages[0].x: the URL leads to an address that may not be fetched", error.Message);
        Assert.Equal(0, requests);
    }

    [Fact]
    public async Task Redirect_to_an_inner_address_is_refused()
    {
        var requests = 0;
        await using var inner = await TestServer.StartAsync(
            context =>
            {
                requests++;
                return context.Response.Body.WriteAsync(Png).AsTask();
            },
            IPAddress.Parse("127.0.0.2"));
        await using var outer = await TestServer.StartAsync(context =>
        {
            context.Response.Redirect(inner.Url);
            return Task.CompletedTask;
        });
        using var fetcher = new MediaFetcher(Open, TimeProvider.System, address => address.Equals(IPAddress.Loopback));
        var error = (await FetchAsync(fetcher, outer.Url)).Error!;
        Assert.Equal("messages[0].x: the URL leads to an address that may not be fetched", error.Message);
        Assert.Equal(0, requests);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task Three_redirects_are_followed(int redirects, bool succeeds)
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            var left = context.Request.Path.HasValue && context.Request.Path.Value!.Length > 1 ? int.Parse(context.Request.Path.Value[1..]) : redirects;
            if (left == 0) return context.Response.Body.WriteAsync(Png).AsTask();
            context.Response.Redirect($"/{left - 1}"); // relative, as many are
            return Task.CompletedTask;
        });
        var result = await FetchAsync(server.Url);
        Assert.Equal(succeeds, result.DataUrl is not null);
        if (!succeeds) Assert.EndsWith("more than 3 redirects", result.Error!.Message);
    }

    [Fact]
    public async Task Redirect_to_another_scheme_is_refused()
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.Redirect("file:///etc/passwd");
            return Task.CompletedTask;
        });
        Assert.Equal(ErrorTypes.InvalidRequest, (await FetchAsync(server.Url)).Error!.Type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Content_over_the_limit_is_refused(bool declared)
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            if (declared) context.Response.ContentLength = 100_001;
            await context.Response.Body.WriteAsync(Png);
            await context.Response.Body.WriteAsync(new byte[100_001 - Png.Length]);
        });
        Assert.Equal(ErrorTypes.ImageTooLarge, (await FetchAsync(server.Url)).Error!.Type);
    }

    [Fact]
    public async Task Budget_is_shared_by_the_fetches_of_a_request()
    {
        await using var server = await TestServer.StartAsync(context => context.Response.Body.WriteAsync(Png).AsTask());
        using var fetcher = new MediaFetcher(Open, TimeProvider.System);
        var budget = new MediaBudget(Png.Length);
        Assert.NotNull((await fetcher.FetchAsync(server.Url, MediaKind.Image, "f", budget, "caller", default)).DataUrl);
        Assert.Equal(ErrorTypes.ImageTooLarge, (await fetcher.FetchAsync(server.Url, MediaKind.Image, "f", budget, "caller", default)).Error!.Type);
    }

    [Fact]
    public async Task Missing_image_names_the_status()
    {
        await using var server = await TestServer.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        Assert.Equal("messages[0].x: the URL could not be fetched: the server answered with status 404", (await FetchAsync(server.Url)).Error!.Message);
    }

    [Theory]
    [InlineData("http://nowhere.invalid/a.png")]
    [InlineData("http://127.0.0.1:1/a.png")]
    public async Task Unreachable_server_is_download_failed(string url) => Assert.Equal(ErrorTypes.ImageDownloadFailed, (await FetchAsync(url)).Error!.Type);

    [Fact]
    public async Task Slow_server_is_given_up_after_the_time_limit()
    {
        var clock = new VirtualTimeProvider();
        var arrived = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(context =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var fetcher = new MediaFetcher(Open, clock);
        var fetching = FetchAsync(fetcher, server.Url);
        await arrived.Task;
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.EndsWith("it took too long", (await fetching).Error!.Message);
    }

    [Fact]
    public async Task Time_of_a_fetch_starts_with_its_turn()
    {
        var clock = new VirtualTimeProvider();
        var arrivals = new SemaphoreSlim(0);
        var go = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            arrivals.Release();
            if (context.Request.Path == "/slow") await Task.Delay(Timeout.Infinite, context.RequestAborted);
            await go.Task;
            await context.Response.Body.WriteAsync(Png);
        });
        using var fetcher = new MediaFetcher(Open with { MaxConcurrentFetches = 1 }, clock);
        var slow = FetchAsync(fetcher, server.Url + "/slow");
        await arrivals.WaitAsync();
        var next = FetchAsync(fetcher, server.Url + "/next");
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull((await slow).Error);

        await arrivals.WaitAsync();
        clock.Advance(TimeSpan.FromSeconds(9));
        go.SetResult();

        Assert.NotNull((await next).DataUrl);
    }

    [Fact]
    public async Task Wait_for_a_turn_ends_in_time()
    {
        var clock = new VirtualTimeProvider();
        var arrivals = new SemaphoreSlim(0);
        await using var server = await TestServer.StartAsync(async context =>
        {
            arrivals.Release();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var fetcher = new MediaFetcher(Open with { MaxConcurrentFetches = 1, MediaTimeout = TimeSpan.FromMinutes(1) }, clock);
        var slow = FetchAsync(fetcher, server.Url + "/slow");
        await arrivals.WaitAsync(TestContext.Current.CancellationToken);
        var next = FetchAsync(fetcher, server.Url + "/next");

        clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(503, (await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Error!.Status);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(400, (await slow).Error!.Status);
    }

    [Fact]
    public async Task Server_that_cannot_be_reached_fails_at_once_for_half_a_minute()
    {
        var clock = new VirtualTimeProvider();
        var connections = 0;
        using var fetcher = new MediaFetcher(Open, clock, _ =>
        {
            connections++;
            return true;
        });
        for (var i = 0; i < 3; i++)
            Assert.Equal(ErrorTypes.ImageDownloadFailed, (await FetchAsync(fetcher, $"http://127.0.0.1:1/{i}.png")).Error!.Type);
        Assert.Equal(1, connections);

        clock.Advance(TimeSpan.FromSeconds(31));
        await FetchAsync(fetcher, "http://127.0.0.1:1/again.png");

        Assert.Equal(2, connections);
    }

    [Fact]
    public async Task Server_that_is_slow_or_answers_with_an_error_is_not_taken_for_dead()
    {
        var clock = new VirtualTimeProvider();
        await using var server = await TestServer.StartAsync(context =>
        {
            if (context.Request.Path == "/good") return context.Response.Body.WriteAsync(Png).AsTask();
            if (context.Request.Path == "/broken") context.Abort();
            else context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        using var fetcher = new MediaFetcher(Open, clock);
        foreach (var path in (string[])["/broken", "/busy"]) Assert.NotNull((await FetchAsync(fetcher, server.Url + path)).Error);

        Assert.NotNull((await FetchAsync(fetcher, server.Url + "/good")).DataUrl);
    }

    [Fact]
    public async Task Callers_cancellation_is_thrown()
    {
        using var cancel = new CancellationTokenSource();
        await using var server = await TestServer.StartAsync(async context =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var fetcher = new MediaFetcher(Open, TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await fetcher.FetchAsync(server.Url, MediaKind.Image, "f", new MediaBudget(1000), "caller", cancel.Token));
    }

    private static async Task<MediaResult> FetchAsync(string url, MediaKind kind = MediaKind.Image, UpstreamOptions? options = null)
    {
        using var fetcher = new MediaFetcher(options ?? Open, TimeProvider.System);
        return await FetchAsync(fetcher, url, kind);
    }

    private static async Task<MediaResult> FetchAsync(MediaFetcher fetcher, string url, MediaKind kind = MediaKind.Image) =>
        await fetcher.FetchAsync(url, kind, "messages[0].x", new MediaBudget(Open.MaxMediaBytes), "caller", default);
}

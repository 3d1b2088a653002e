using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.TestSupport;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Configuration.CatalogFiles;

/// <summary>A catalog file on an HTTP server, over real sockets.</summary>
public sealed class RemoteCatalogFileTests : IAsyncLifetime
{
    private const string Secret = "c2lnbmF0dXJl";
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly VirtualTimeProvider time = new();
    private readonly CatalogCopies copies = new(new MemoryTableStore());
    private CatalogServer server = null!;

    public async ValueTask InitializeAsync() => server = await CatalogServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Unchanged_file_is_asked_for_by_its_tag_and_is_no_change()
    {
        server.Put("{}", "\"1\"");
        var file = await OpenAsync();
        Assert.Equal("{}", TextOf(file));
        Assert.False(await file.CheckForChangeAsync(default));
        Assert.Equal([null, "\"1\""], server.Requests.Select(request => request.IfNoneMatch));
    }

    [Fact]
    public async Task New_version_is_a_change_and_is_read_without_another_request()
    {
        server.Put("""{"models":[]}""", "\"1\"");
        var file = await OpenAsync();
        server.Put("""{"providers":[]}""", "\"2\"");
        Assert.True(await file.CheckForChangeAsync(default));
        Assert.Equal("""{"providers":[]}""", TextOf(file));
        Assert.False(await file.CheckForChangeAsync(default));
        Assert.Equal([null, "\"1\"", "\"2\""], server.Requests.Select(request => request.IfNoneMatch));
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData(null)]
    public async Task Same_bytes_under_another_tag_or_none_are_no_change(string? tag)
    {
        server.Put("{}", "\"1\"");
        var file = await OpenAsync();
        server.Put("{}", tag);
        Assert.False(await file.CheckForChangeAsync(default));
    }

    [Fact]
    public async Task Token_is_sent_with_the_version_that_storage_wants()
    {
        server.Put("{}", null);
        await OpenAsync((url, _) => new($"token for {url.AbsolutePath}"));
        var asked = Assert.Single(server.Requests);
        Assert.Equal("Bearer token for /catalogs/own.json", asked.Authorization);
        Assert.Equal("2023-11-03", asked.Version);
    }

    [Fact]
    public async Task Without_a_token_nothing_of_it_is_sent_and_the_query_is()
    {
        server.Put("{}", null);
        await OpenAsync((_, _) => new((string?)null));
        var asked = Assert.Single(server.Requests);
        Assert.Null(asked.Authorization);
        Assert.Null(asked.Version);
        Assert.Equal($"?sig={Secret}", asked.Query);
    }

    [Theory]
    [InlineData(404, "BlobNotFound", "the server answered 404 BlobNotFound")]
    [InlineData(403, "AuthorizationPermissionMismatch", "the server answered 403 AuthorizationPermissionMismatch")]
    [InlineData(403, "sig=c2lnbmF0dXJl", "the server answered 403")]
    [InlineData(302, null, "the server answered 302")]
    [InlineData(200, null, "expected at most 67108864 bytes")]
    public async Task Refusal_names_the_file_without_its_query_and_is_not_asked_again(int status, string? code, string expectation)
    {
        server.Otherwise = context =>
        {
            context.Response.StatusCode = status;
            if (code is not null) context.Response.Headers["x-ms-error-code"] = code;
            if (status == 302) context.Response.Headers.Location = "/catalogs/other.json";
            if (status == 200) context.Response.ContentLength = CatalogDocument.MaxBytes + 1L;
            return context.Response.StartAsync();
        };
        var file = New();
        var read = await Assert.ThrowsAsync<CatalogException>(() => file.OpenAsync(copies, default));
        var looked = await Assert.ThrowsAsync<CatalogException>(async () => await file.CheckForChangeAsync(default));
        foreach (var fault in new[] { read, looked })
        {
            var error = Assert.Single(fault.Errors);
            Assert.Equal(server.Url.AbsoluteUri, error.Document);
            Assert.EndsWith(expectation, error.Expectation, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
        }
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task File_that_does_not_say_its_length_is_read_no_further_than_the_bound()
    {
        await using var body = new EndlessBody();
        using var endless = new HttpMessageInvoker(new OneAnswer(body));
        var file = new RemoteCatalogFile(server.Url, TimeSpan.FromSeconds(30), endless, null, time);

        var fault = await Assert.ThrowsAsync<CatalogException>(() => file.OpenAsync(copies, default));

        Assert.Contains("expected at most", fault.Message, StringComparison.Ordinal);
        Assert.InRange(body.Position, CatalogDocument.MaxBytes, CatalogDocument.MaxBytes + 1024 * 1024);
    }

    [Fact]
    public async Task Busy_server_is_asked_three_times_at_start_and_once_at_a_look()
    {
        server.Otherwise = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        var file = New(clock: new RetriesAtOnce());
        Assert.Contains("503", (await Assert.ThrowsAsync<CatalogException>(() => file.OpenAsync(copies, default))).Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
        await Assert.ThrowsAsync<CatalogException>(async () => await file.CheckForChangeAsync(default));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Server_that_recovers_in_between_does_not_fail_the_start()
    {
        server.Put("{}", "\"1\"");
        server.Otherwise = context =>
        {
            context.Abort();
            server.Otherwise = null;
            return Task.CompletedTask;
        };
        Assert.Equal("{}", TextOf(await OpenAsync(clock: new RetriesAtOnce())));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Silent_server_ends_the_wait_and_the_known_file_stays()
    {
        server.Put("{}", "\"1\"");
        var file = await OpenAsync();
        var arrived = new TaskCompletionSource();
        server.Otherwise = context =>
        {
            arrived.SetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        var look = file.CheckForChangeAsync(default).AsTask();
        await arrived.Task;
        time.Advance(RemoteCatalogFile.AnswerTimeout);
        Assert.Contains("expected an answer within 8 seconds", (await Assert.ThrowsAsync<CatalogException>(() => look)).Message, StringComparison.Ordinal);
        Assert.Equal("{}", TextOf(file));
    }

    [Fact]
    public async Task Answer_that_breaks_off_is_no_version()
    {
        server.Put("{}", "\"1\"");
        var file = await OpenAsync();
        server.Otherwise = async context =>
        {
            context.Response.Headers.ETag = "\"2\"";
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("""{"models":""");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };
        await Assert.ThrowsAsync<CatalogException>(async () => await file.CheckForChangeAsync(default));
        server.Otherwise = null;
        Assert.False(await file.CheckForChangeAsync(default));
        Assert.Equal("\"1\"", server.Requests.Last().IfNoneMatch);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_a_fault_that_names_it()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        var file = new RemoteCatalogFile(new Uri($"http://127.0.0.1:{port}/own.json?sig={Secret}"), TimeSpan.FromSeconds(30), client, null, time);
        var fault = await Assert.ThrowsAsync<CatalogException>(async () => await file.CheckForChangeAsync(default));
        Assert.Contains($"http://127.0.0.1:{port}/own.json: expected a server that answers", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_while_the_server_is_away_does_with_the_copy_of_what_was_kept_and_the_file_is_looked_at_again()
    {
        server.Put("""{"models":[]}""", "\"1\"");
        await (await OpenAsync()).KeepAsync(copies, default);
        server.Otherwise = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        };
        var file = await OpenAsync(clock: new RetriesAtOnce());
        Assert.Equal("""{"models":[]}""", TextOf(file));
        Assert.Contains("503", file.LoadedFromCopyBecause!.Message, StringComparison.Ordinal);
        server.Otherwise = null;
        server.Put("{}", "\"2\"");
        Assert.True(await file.CheckForChangeAsync(default));
        Assert.Equal("{}", TextOf(file));
    }

    [Theory]
    [InlineData(StatusCodes.Status403Forbidden)]
    [InlineData(StatusCodes.Status404NotFound)]
    public async Task Start_does_with_the_copy_of_a_file_that_its_server_refuses_or_has_no_more_and_asks_once(int status)
    {
        server.Put("""{"models":[]}""", null);
        await (await OpenAsync()).KeepAsync(copies, default);
        server.Otherwise = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        var file = await OpenAsync();
        Assert.Equal("""{"models":[]}""", TextOf(file));
        Assert.Contains($"the server answered {status}", file.LoadedFromCopyBecause!.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Start_without_a_token_does_with_the_copy()
    {
        server.Put("""{"models":[]}""", null);
        await (await OpenAsync()).KeepAsync(copies, default);
        var file = await OpenAsync((_, _) => throw new CatalogException([new CatalogError("own.json", "", "expected an identity")]));
        Assert.Equal("""{"models":[]}""", TextOf(file));
        Assert.Contains("expected an identity", file.LoadedFromCopyBecause!.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    private async Task<RemoteCatalogFile> OpenAsync(CatalogTokens? tokens = null, TimeProvider? clock = null)
    {
        var file = New(tokens, clock);
        await file.OpenAsync(copies, default);
        return file;
    }

    private RemoteCatalogFile New(CatalogTokens? tokens = null, TimeProvider? clock = null) =>
        new(new Uri($"{server.Url}?sig={Secret}"), TimeSpan.FromSeconds(30), client, tokens, clock ?? time);

    private static string TextOf(RemoteCatalogFile file) => Encoding.UTF8.GetString(file.Read().Json.Span);

    /// <summary>Gives zeros without end, and counts them.</summary>
    private sealed class EndlessBody : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        /// <summary>What was read.</summary>
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Position += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class OneAnswer(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.OK) { Content = new StreamContent(body) });
    }

    /// <summary>The waits between attempts are over at once; the wait for an answer never is.</summary>
    private sealed class RetriesAtOnce : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, RemoteCatalogFile.RetryDelays.Contains(dueTime) ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, period);
    }
}

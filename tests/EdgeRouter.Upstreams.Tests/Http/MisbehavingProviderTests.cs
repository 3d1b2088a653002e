using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Upstreams.Http;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Http;

public sealed class MisbehavingProviderTests : IDisposable
{
    private readonly UpstreamClient client = new([new TestWire()], TestEndpoints.AuthSchemes,
        new UpstreamOptions { MaxResponseHeadersKilobytes = 8, ConnectTimeout = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, []);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task Refused_connection_is_connect_failed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.Equal(FailureClass.ConnectFailed, (await SendAsync($"http://127.0.0.1:{port}")).Failure!.Class);
    }

    [Fact]
    public async Task Unknown_host_is_connect_failed() => Assert.Equal(FailureClass.ConnectFailed, (await SendAsync("http://nowhere.invalid")).Failure!.Class);

    [Fact]
    public async Task Tls_trouble_is_connect_failed()
    {
        // A server that speaks something other than TLS.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var socket = await listener.AcceptSocketAsync();
            await socket.SendAsync("nonsense nonsense\r\n"u8.ToArray());
            socket.Shutdown(SocketShutdown.Send);
            await socket.ReceiveAsync(new byte[1024]);
        });
        Assert.Equal(FailureClass.ConnectFailed, (await SendAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")).Failure!.Class);
        await serving;
    }

    [Fact]
    public async Task Server_that_never_finishes_the_handshake_is_connect_failed_by_the_connect_timeout()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(); // accepts into its backlog and says nothing
        var failure = (await SendAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")).Failure!;
        Assert.Equal(FailureClass.ConnectFailed, failure.Class);
        Assert.Contains("connect timeout", failure.Error.Message!);
    }

    [Fact]
    public async Task Reset_before_the_headers_is_connection_reset()
    {
        await using var server = new RawServer((socket, _) =>
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
            return Task.CompletedTask;
        });
        Assert.Equal(FailureClass.ConnectionReset, (await SendAsync(server.Url)).Failure!.Class);
    }

    [Theory]
    [InlineData("", FailureClass.ConnectionReset)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-", FailureClass.ConnectionReset)]
    [InlineData("220 smtp ready\r\n\r\n", FailureClass.MalformedAnswer)]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n", FailureClass.MalformedAnswer)]
    public async Task Broken_head_has_its_class(string response, FailureClass expected)
    {
        await using var server = RawServer.Answering(response);
        Assert.Equal(expected, (await SendAsync(server.Url)).Failure!.Class);
    }

    [Fact]
    public async Task Endless_headers_are_malformed()
    {
        await using var server = RawServer.Answering("HTTP/1.1 200 OK\r\nX-Big: " + new string('a', 20_000) + "\r\n\r\n");
        Assert.Equal(FailureClass.MalformedAnswer, (await SendAsync(server.Url)).Failure!.Class);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\"")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n")]
    public async Task Body_cut_short_is_connection_reset(string response)
    {
        await using var server = RawServer.Answering(response);
        await using var answer = (await SendAsync(server.Url)).Value!;
        Assert.Equal(FailureClass.ConnectionReset, (await answer.ReadBodyAsync(default)).Failure!.Class);
    }

    [Fact]
    public async Task Broken_chunk_size_is_malformed()
    {
        await using var server = RawServer.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        await using var answer = (await SendAsync(server.Url)).Value!;
        Assert.Equal(FailureClass.MalformedAnswer, (await answer.ReadBodyAsync(default)).Failure!.Class);
    }

    [Fact]
    public async Task Reset_inside_an_error_body_still_reports_the_status()
    {
        await using var server = new RawServer(async (socket, token) =>
        {
            await socket.SendAsync("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nhalf"u8.ToArray(), token);
            socket.Shutdown(SocketShutdown.Both);
        });
        var failure = (await SendAsync(server.Url)).Failure!;
        Assert.Equal((FailureClass.ServerError, 500, "half"), (failure.Class, failure.Status, failure.Raw));
    }

    [Fact]
    public async Task Failure_texts_name_no_host()
    {
        var failure = (await SendAsync("http://internal-host.invalid")).Failure!;
        Assert.DoesNotContain("internal-host", failure.Error.Message!);
    }

    private ValueTask<UpstreamResult<UpstreamAnswer>> SendAsync(string url) =>
        client.SendAsync(TestEndpoints.Of(TestEndpoints.Provider(url)),
            new UpstreamCall("chat/completions", SseFraming.Json, Encoding.ASCII.GetBytes("{}"), false), default);
}

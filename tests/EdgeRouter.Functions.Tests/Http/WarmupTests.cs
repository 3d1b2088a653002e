using System.Net;
using System.Net.Sockets;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

public sealed class WarmupTests
{
    [Fact]
    public async Task A_new_instance_opens_the_connections_to_the_providers_and_the_queue_before_it_is_asked()
    {
        using var provider = new TcpListener(IPAddress.Loopback, 0);
        provider.Start();
        var accepting = provider.AcceptTcpClientAsync(CancellationToken.None);
        await using var router = await RunningRouter.StartAsync(settings:
        [
            ("EdgeRouter:Providers:openai:ApiKey", "sk-provider"),
            ("EdgeRouter:Providers:openai:BaseUrl", $"http://127.0.0.1:{((IPEndPoint)provider.LocalEndpoint).Port}/v1"),
        ]);
        var warming = router.Functions.WarmUpAsync();
        using var connection = await accepting.AsTask().InTimeAsync();
        using var reader = new StreamReader(connection.GetStream());
        Assert.Equal("HEAD /v1 HTTP/1.1", await reader.NextLineAsync());
        while (await reader.NextLineAsync() is { Length: > 0 } header) Assert.DoesNotContain("sk-provider", header, StringComparison.Ordinal);
        await connection.GetStream().WriteAsync("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        await Eventually.TrueAsync(() => router.Broker.Calls >= 2, "the queue to be reached");
        await warming.InTimeAsync();
    }

    [Fact]
    public async Task What_cannot_be_reached_does_not_keep_the_instance_from_serving()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await using var router = await RunningRouter.StartAsync(
            settings: [("EdgeRouter:Providers:openai:ApiKey", "sk-provider"), ("EdgeRouter:Providers:openai:BaseUrl", $"http://127.0.0.1:{port}/v1")]);
        await router.Functions.WarmUpAsync();
        using var answer = await router.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeRouter.Upstreams.Tests.Http;

/// <summary>
/// A TCP server that misbehaves as scripted: it reads one request to the end of its headers and body, then does what the test says with the socket.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public RawServer(Func<Socket, CancellationToken, Task> misbehave)
    {
        listener.Start();
        serving = ServeAsync(misbehave);
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public static RawServer Answering(string response) => new(async (socket, token) =>
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(response), token);
        socket.Shutdown(SocketShutdown.Send);
    });

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        try
        {
            await serving;
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The listener was stopped, or the client hung up: how each of these tests ends.
        }
        stop.Dispose();
    }

    private async Task ServeAsync(Func<Socket, CancellationToken, Task> misbehave)
    {
        using var socket = await listener.AcceptSocketAsync(stop.Token);
        var buffer = new byte[64 * 1024];
        var text = new StringBuilder();
        while (!text.ToString().EndsWith("{}", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, stop.Token);
            if (read == 0) return;
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        await misbehave(socket, stop.Token);
    }
}

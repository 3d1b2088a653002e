using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeRouter.FuzzTests.Router;

/// <summary>
/// A provider that answers every request with the bytes of the current case. A connection carries one request, except one that it does not close and that
/// the router uses again.
/// </summary>
internal sealed class FuzzedProvider : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;
    private int received;

    public FuzzedProvider()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>What it answers with.</summary>
    public RouterCase? Case { get; set; }

    /// <summary>Requests that have arrived whole.</summary>
    public int Received => Volatile.Read(ref received);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ServeAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        socket.NoDelay = true;
        try
        {
            do
            {
                if (!await ReadRequestAsync(socket)) return;
                Interlocked.Increment(ref received);
            }
            while (await AnswerAsync(socket, Case!));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The router has enough, or the run ends.
        }
    }

    /// <summary>Answers one request. Returns whether the connection stays open.</summary>
    private async Task<bool> AnswerAsync(Socket socket, RouterCase served)
    {
        foreach (var piece in served.Answer)
        {
            if (piece.PauseMs > 0) await Task.Delay(piece.PauseMs, stop.Token);
            await socket.SendAsync(piece.Bytes, stop.Token);
        }
        switch (served.End)
        {
            case AnswerEnd.Hold:
                return true;
            case AnswerEnd.Reset:
                socket.LingerState = new LingerOption(true, 0);
                return false;
            default:
                socket.Shutdown(SocketShutdown.Send);
                // Until the router has closed its side, so that what it has not read yet is not reset.
                while (await socket.ReceiveAsync(new byte[1024], stop.Token) > 0)
                {
                }
                return false;
        }
    }

    private async Task<bool> ReadRequestAsync(Socket socket)
    {
        var request = new List<byte>();
        var buffer = new byte[64 * 1024];
        var length = -1;
        while (length < 0 || request.Count < length)
        {
            var read = await socket.ReceiveAsync(buffer, stop.Token);
            if (read == 0) return false;
            request.AddRange(buffer.AsSpan(0, read));
            if (length < 0) length = LengthOf(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(request));
        }
        return true;
    }

    /// <summary>Length of the request, head included; -1: its head is not there yet.</summary>
    private static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        const string Name = "Content-Length: ";
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return -1;
        var head = Encoding.Latin1.GetString(bytes[..end]);
        var start = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length;
        return end + 4 + int.Parse(head[start..].Split('\r')[0], CultureInfo.InvariantCulture);
    }
}

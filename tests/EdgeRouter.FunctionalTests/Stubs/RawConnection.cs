using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>
/// A connection whose bytes the test decides, after one request was read from it. What is not reset is closed in order when the answer returns.
/// </summary>
internal sealed class RawConnection(Socket socket, ProviderRequest request)
{
    public const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    private bool closing;

    public ProviderRequest Request => request;

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(string wire) => await socket.SendAsync(Encoding.UTF8.GetBytes(wire));

    /// <summary>Sends one chunk of a chunked body.</summary>
    public Task SendChunkAsync(string piece) => SendAsync(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(piece):x}\r\n{piece}\r\n"));

    /// <summary>Ends a chunked body.</summary>
    public Task EndAsync() => SendAsync("0\r\n\r\n");

    /// <summary>Breaks the connection with a TCP reset.</summary>
    public void Reset()
    {
        closing = true;
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    /// <summary>Closes the connection as if all were well.</summary>
    public void Close()
    {
        if (closing) return;
        closing = true;
        socket.Shutdown(SocketShutdown.Both);
        socket.Dispose();
    }

    /// <summary>Sees the router's end of the connection close.</summary>
    internal async Task WatchAsync()
    {
        try
        {
            // The router sends nothing more on this connection, so that whatever ends the wait is its end.
            await socket.ReceiveAsync(new byte[1]);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // A reset, or the stub's own end.
        }
        if (!closing) request.NoteClosed();
    }

    /// <summary>Reads a request with a declared length, as the router's client sends them; null: the peer closed instead.</summary>
    internal static async Task<ProviderRequest?> ReadRequestAsync(Socket socket, CancellationToken stop)
    {
        var received = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var text = Encoding.UTF8.GetString(received.ToArray());
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var lines = text[..end].Split("\r\n");
                var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
                    .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
                var length = int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture);
                var start = Encoding.UTF8.GetByteCount(text[..(end + 4)]);
                if (received.Length >= start + length)
                    return new ProviderRequest(lines[0].Split(' ')[0], lines[0].Split(' ')[1], headers,
                        Encoding.UTF8.GetString(received.ToArray(), start, length));
            }
            var read = await socket.ReceiveAsync(buffer, stop);
            if (read == 0) return null;
            received.Write(buffer, 0, read);
        }
    }
}

using System.Net.Sockets;
using System.Text;

namespace EdgeRouter.FunctionalTests;

/// <summary>A caller who writes bytes of their own, for what a well-behaved HTTP client never sends.</summary>
internal sealed class RawCaller : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpClient client;

    private RawCaller(TcpClient client) => this.client = client;

    public static async Task<RawCaller> ConnectAsync(Uri address)
    {
        var connecting = new TcpClient();
        await connecting.ConnectAsync(address.Host, address.Port);
        return new RawCaller(connecting);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(string wire) => await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(wire));

    /// <summary>Everything that the router sends until it closes the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(patience.Token);
    }

    /// <summary>What the router sends up to and with a text.</summary>
    public async Task<string> ReadToAsync(string end)
    {
        using var patience = new CancellationTokenSource(Patience);
        var received = new StringBuilder();
        var buffer = new byte[4096];
        while (!received.ToString().Contains(end, StringComparison.Ordinal))
        {
            var read = await client.GetStream().ReadAsync(buffer, patience.Token);
            if (read == 0) throw new EndOfStreamException($"Before '{end}' the connection closed, after: {received}");
            received.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return received.ToString();
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}

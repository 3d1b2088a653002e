using System.Net;
using System.Net.Sockets;

namespace EdgeRouter.TestSupport.Emulator;

/// <summary>
/// A port that leads to another one, as long as <see cref="Target"/> says to which. Keeps the port of an Azurite that is started again, and breaks
/// connections on demand.
/// </summary>
public sealed class CuttableLink : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Lock gate = new();
    private readonly List<TcpClient> open = [];
    private readonly Task accepting;
    private int? target;

    public CuttableLink(int target)
    {
        this.target = target;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Where it leads; null: nowhere, and what was open is broken.</summary>
    public int? Target
    {
        get
        {
            lock (gate) return target;
        }

        set
        {
            lock (gate)
            {
                target = value;
                if (value is not null) return;
                foreach (var client in open) client.Dispose();
                open.Clear();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Target = null;
        await end.CancelAsync();
        listener.Dispose();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                relays.Add(RelayAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            int port;
            lock (gate)
            {
                if (target is not { } known) return;
                port = known;
                open.AddRange([near, far]);
            }
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, port);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
            catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // A broken connection is what this link is for; both ends see it closed.
            }
        }
    }
}

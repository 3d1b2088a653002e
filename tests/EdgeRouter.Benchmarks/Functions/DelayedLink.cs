using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EdgeRouter.Benchmarks.Functions;

/// <summary>A port of this machine that leads to another one, and takes half of a given round trip in each direction. Order is kept.</summary>
internal sealed class DelayedLink : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly int target;
    private readonly TimeSpan oneWay;
    private readonly Task accepting;

    public DelayedLink(int target, TimeSpan roundTrip)
    {
        this.target = target;
        oneWay = roundTrip / 2;
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await accepting;
        listener.Dispose();
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true) relays.Add(RelayAsync(await listener.AcceptTcpClientAsync(end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(TcpClient near)
    {
        using (near)
        using (var far = new TcpClient())
        {
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, target, end.Token);
                near.NoDelay = far.NoDelay = true;
                await Task.WhenAny(CopyAsync(near.GetStream(), far.GetStream()), CopyAsync(far.GetStream(), near.GetStream()));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
            {
                // One end has closed: so does the other.
            }
        }
    }

    private async Task CopyAsync(Stream from, Stream to)
    {
        var chunks = Channel.CreateUnbounded<(long Arrived, byte[] Bytes)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        await Task.WhenAny(ReadAsync(from, chunks.Writer), WriteAsync(chunks.Reader, to));
    }

    private async Task ReadAsync(Stream from, ChannelWriter<(long Arrived, byte[] Bytes)> chunks)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, end.Token)) > 0;)
            await chunks.WriteAsync((TimeProvider.System.GetTimestamp(), buffer[..read]), end.Token);
        chunks.Complete();
    }

    private async Task WriteAsync(ChannelReader<(long Arrived, byte[] Bytes)> chunks, Stream to)
    {
        await foreach (var (arrived, bytes) in chunks.ReadAllAsync(end.Token))
        {
            var left = oneWay - TimeProvider.System.GetElapsedTime(arrived);
            if (left > TimeSpan.Zero) await Task.Delay(left, end.Token);
            await to.WriteAsync(bytes, end.Token);
        }
    }
}

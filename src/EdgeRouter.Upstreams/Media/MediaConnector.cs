using System.Net;
using System.Net.Sockets;

namespace EdgeRouter.Upstreams.Media;

/// <summary>The URL leads to an address that callers may not reach.</summary>
internal sealed class ForbiddenAddressException() : IOException("The address may not be fetched.");

/// <summary>
/// Opens connections for fetches. The address is checked after name resolution, and the connection uses the checked address, so a name that resolves
/// differently later (DNS rebinding) has no effect.
/// </summary>
internal sealed class MediaConnector(Func<IPAddress, bool> isAllowed)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var endPoint = context.DnsEndPoint;
        var addresses = IPAddress.TryParse(endPoint.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(endPoint.Host, cancellationToken)
            .ConfigureAwait(false);
        var allowed = Array.FindAll(addresses, address => isAllowed(address));
        if (allowed.Length == 0) throw new ForbiddenAddressException();

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

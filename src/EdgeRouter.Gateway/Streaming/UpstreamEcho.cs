using System.Buffers;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// <c>debug.echo_upstream_body</c>: before the content, one event for each provider that was asked, with the body that was sent to it. Bodies hold the
/// caller's own words in the provider's format; credentials travel in headers and are never in them.
/// </summary>
internal static class UpstreamEcho
{
    /// <summary>Writes the bodies that have not been shown yet.</summary>
    public static void Write(GatewayRequest request, IBufferWriter<byte> output)
    {
        if (!request.Facts.EchoesUpstreamBody) return;
        foreach (var attempt in request.Attempts.Snapshot())
        {
            if (attempt.SentBody is not { } body) continue;
            attempt.SentBody = null;
            request.Api.WriteUpstreamBody(request.HeaderOf(attempt.Endpoint), body, output);
        }
    }
}

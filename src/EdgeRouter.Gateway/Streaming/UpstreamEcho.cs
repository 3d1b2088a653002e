using System.Buffers;
using EdgeRouter.Gateway.Requests;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// <c>debug.echo_upstream_body</c>: before the content, one event for each provider that was called, with the body that was sent to it. Bodies
/// contain the caller's own content in the provider's format; credentials are in headers and never in bodies.
/// </summary>
internal static class UpstreamEcho
{
    /// <summary>Writes the bodies that were not written yet.</summary>
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

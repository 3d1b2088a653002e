using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Gateway.Forwarding;

namespace EdgeRouter.Gateway.Streaming;

/// <summary>
/// <c>debug.echo_upstream_body</c>: before the content, one chunk for each provider that was asked, with the body that
/// it was sent. Bodies hold what the caller said in the provider's words; credentials travel in headers and are never in them.
/// </summary>
internal static class UpstreamEcho
{
    /// <summary>A body may be as deep as bodies may be, and is wrapped once more.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    /// <summary>Writes the bodies that have not been shown yet.</summary>
    public static void Write(GatewayRequest request, IBufferWriter<byte> output)
    {
        if (!request.Routing!.EchoesUpstreamBody) return;
        foreach (var entry in request.Attempts.Snapshot())
        {
            if (entry.EchoedBody is not { } body) continue;
            entry.EchoedBody = null;
            using var debug = JsonDocument.Parse((byte[])[.. "{\"echo_upstream_body\":"u8, .. body, (byte)'}'], Deep);
            request.Dialect.CreateStreamWriter(AnswerHead.Of(request, entry.Endpoint)).Write(new ExtensionDelta(null, "debug", debug.RootElement), output);
        }
    }
}

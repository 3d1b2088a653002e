using System.Buffers;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Upstreams.Tests.Failures;

namespace EdgeRouter.Upstreams.Tests;

/// <summary>A wire of which the code under test needs only the error reader (and, for media, what needs inline data).</summary>
internal sealed class TestWire(string name = WireNames.OpenAIChat) : IConversationWire
{
    public string Name => name;

    public RequestParameters Carries => RequestParameters.None;

    public string? GetPath(Operation operation, string upstreamModel, bool stream) => throw new NotSupportedException();

    public WireTransport Transport => throw new NotSupportedException();

    public bool NeedsInlineData(ContentPart part) => part is ImagePart { Url: var url } && !url.StartsWith("data:", StringComparison.Ordinal)
        || part is FilePart or VideoPart;

    public void WriteRequest(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        throw new NotSupportedException();

    public ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider) => throw new NotSupportedException();

    public IWireStreamReader CreateStreamReader(Provider provider) => throw new NotSupportedException();

    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => ProviderErrorBodies.Read(status, Encoding.UTF8.GetString(body.Span));
}

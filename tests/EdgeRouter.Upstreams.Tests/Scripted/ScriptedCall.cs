using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Upstreams.Failures;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Providers;
using EdgeRouter.Upstreams.Scripted;

namespace EdgeRouter.Upstreams.Tests.Scripted;

/// <summary>A call of the scripted provider as the router makes it: over the client, with the row of the provider table, on the OpenAI wire.</summary>
internal sealed class ScriptedCall(string model, ChatRequest request, TimeProvider clock)
{
    private static readonly OpenAIChatWire Wire = new();

    private static readonly Provider Provider = CatalogLoader.Load(new CatalogSources
    {
        Providers = ProviderTable.Read(),
        Documents = [],
        Settings = new Dictionary<string, ProviderSettings> { [ScriptedHandler.Slug] = new() { Enabled = true } },
    }).FindProvider(ScriptedHandler.Slug)!;

    public async Task<UpstreamResult<UpstreamAnswer>> SendAsync(bool stream, CancellationToken cancellationToken)
    {
        var target = new WireTarget(TestEndpoints.Of(Provider, model, Wire.Carries), Operation.Chat, stream) { Fields = OpenAIChatFields.Instance };
        var body = new ArrayBufferWriter<byte>();
        Wire.WriteRequest(request, target, body, []);
        var client = new UpstreamClient([Wire], TestEndpoints.AuthSchemes, new UpstreamOptions(), clock, [new ScriptedHandler(clock)]);
        var call = new UpstreamCall(Wire.GetPath(Operation.Chat, model, stream)!, Wire.Transport, body.WrittenMemory, stream);
        return await client.SendAsync(target.Endpoint, call, cancellationToken);
    }

    /// <summary>The failure before any answer.</summary>
    public async Task<UpstreamFailure> FailAsync(bool stream) => (await SendAsync(stream, default)).Failure!;

    public async Task<UpstreamResult<ChatResponse>> ReadAsync(CancellationToken cancellationToken)
    {
        var sent = await SendAsync(stream: false, cancellationToken);
        if (!sent.TryGet(out var answer, out var failure)) return failure;
        await using var open = answer;
        var read = await answer.ReadBodyAsync(cancellationToken);
        if (!read.TryGet(out var body, out failure)) return failure;
        using (body)
        {
            try
            {
                var response = Wire.ReadResponse(body.Memory, Provider);
                return response.Error is { } error ? FailureClassifier.InAnswer(Provider.Wire, error) : response;
            }
            catch (UpstreamFormatException exception)
            {
                return UpstreamFailure.Observed(FailureClass.MalformedAnswer, exception.Message);
            }
        }
    }

    public async IAsyncEnumerable<StreamEvent> StreamAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sent = await SendAsync(stream: true, cancellationToken);
        if (!sent.TryGet(out var answer, out var failure)) throw new InvalidOperationException(failure.Error.Message);
        await using var open = answer;
        using var sse = new SseReader();
        var reader = Wire.CreateStreamReader(Provider);
        var events = new List<StreamEvent>();
        var buffer = new byte[64]; // small, so that a cut falls anywhere
        while (true)
        {
            var count = await answer.Body.ReadAsync(buffer, cancellationToken);
            if (count == 0) sse.Complete();
            else sse.Append(buffer.AsMemory(0, count));
            while (sse.TryRead(out var sseEvent))
            {
                events.Clear();
                reader.Read(sseEvent.Name, sseEvent.Data, events);
                foreach (var streamEvent in events) yield return streamEvent;
            }
            if (count == 0) yield break;
        }
    }
}

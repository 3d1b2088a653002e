using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Tests;
using EdgeRouter.Dialects.Tests.OpenAIChat.Request;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>
/// Reads a request, and writes it for every wire. What is refused is refused with a 4xx that names no fault of the router; what is accepted is JSON, can
/// be read in full, and gives a provider strict JSON.
/// </summary>
internal sealed class RequestPart(ICallerApi api) : IFuzzedPart
{
    public string Kind => FuzzCorpus.Requests;

    public string Format => api.Name;

    public byte[]? Draw(Random random) => api.Name == "chat" ? new RandomRequests(random).Next() : null;

    public void Check(PartInput input)
    {
        if (Attempt(() => api.Read(NoHead.Instance, input.Content)) is not { } request) return;
        Assert.True(JsonCheck.IsJson(input.Content), "a request that is not JSON was accepted");
        foreach (var wire in Formats.Wires)
        {
            if (wire.GetPath(request.Facts.Operation, "m", request.Facts.Stream) is null) continue;
            var endpoint = Formats.EndpointOf(wire);
            AssertWrites(() => request.CreateExchange(wire, endpoint));
        }
        request.Forget();
    }

    private void AssertWrites(Func<Dialects.Exchanges.IExchange> create)
    {
        var output = new ArrayBufferWriter<byte>();
        var written = Attempt(() =>
        {
            var writing = create().WriteRequestAsync(output, [], NoFetches.Instance, CancellationToken.None);
            Assert.True(writing.IsCompleted, "writing waits though nothing is fetched");
            writing.GetAwaiter().GetResult();
            return output;
        });
        if (written is not null) Assert.Equal(JsonValueKind.Object, JsonCheck.AssertJson(written.WrittenMemory).ValueKind);
    }

    /// <summary>The result; null: it was refused, as a caller's fault.</summary>
    private T? Attempt<T>(Func<T> act) where T : class
    {
        try
        {
            return act();
        }
        catch (RouterException refused)
        {
            Assert.InRange(refused.Error.Status, 400, 499);
            var body = new ArrayBufferWriter<byte>();
            api.WriteError(refused.Error, null, body);
            JsonCheck.AssertJson(body.WrittenMemory);
            return null;
        }
    }

    /// <summary>Refuses what would have to be fetched.</summary>
    private sealed class NoFetches : IMediaInliner
    {
        public static readonly NoFetches Instance = new();

        public bool KeepsUrlsFrom(Provider provider) => false;

        public ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, Provider provider,
            IRequestFields fields, CancellationToken cancellationToken)
        {
            foreach (var message in request.Messages)
                foreach (var part in message.Content)
                    if (wire.NeedsInlineData(part)) return new((null, RouterError.InvalidField("messages", "expected no URL")));
            return new((request, null));
        }
    }
}

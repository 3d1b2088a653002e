using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Embeddings.Caller.Answers;
using EdgeRouter.Dialects.Embeddings.Requests;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.Caller;

/// <summary>A request for embeddings. Wires with a format of their own get it through the content model; to all others it is passed through.</summary>
public sealed class EmbeddingsRequest : CallerRequest
{
    private readonly EmbeddingsScan scan;

    private EmbeddingsRequest(EmbeddingsScan scan) : base(scan, scan.Body.Length) => this.scan = scan;

    /// <summary>Length that each vector shall have; null: the model's own.</summary>
    public int? Dimensions => scan.Dimensions;

    /// <summary>Reads a body.</summary>
    /// <exception cref="RouterException">400 naming the member (or position, for malformed JSON) and what was expected.</exception>
    internal static EmbeddingsRequest Read(ReadOnlyMemory<byte> body)
    {
        var found = new EmbeddingsScan();
        OpenAIChatRequestScanner.Scan(body, EmbeddingsMembers.Table, found);
        if (!found.TryGet(EmbeddingsMembers.Input, out _))
            throw new RouterException(RouterError.InvalidField(EmbeddingsMembers.Input.Name, "required, " + EmbeddingsMembers.Input.Shape.Expected));
        found.Operation = Operation.Embeddings;
        return new EmbeddingsRequest(found);
    }

    /// <inheritdoc/>
    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint)
    {
        var target = new WireTarget(endpoint, Operation.Embeddings, Stream: false) { Fields = EmbeddingsFields.Instance };
        if (wire is not IEmbeddingsWire translated) return new PassThrough.EmbeddingsPassThrough(this, scan, wire, target);
        if (scan.HasTokens)
            throw new RouterException(RouterError.InvalidField(EmbeddingsMembers.Input.Name, $"expected text: {endpoint.Provider.Name} takes no token ids"));
        return new EmbeddingsExchange(this, translated, target);
    }

    /// <summary>Writes an answer, in the encoding that the caller asked for.</summary>
    /// <exception cref="UpstreamFormatException">Its vectors are not as many, or not as long, as was asked for.</exception>
    public void WriteResponse(EmbeddingAnswer answer, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        EmbeddingsResponseWriter.Write(Checked(answer), header, usage, output);

    /// <summary>What is asked for, in the content model.</summary>
    internal EmbeddingInputs ReadInputs() => new(OpenAIChatRequestReader.Read(scan.Body, EmbeddingsMembers.Table), scan.Dimensions, scan.InputType);

    /// <summary>The answer in the encoding that the caller asked for.</summary>
    /// <exception cref="UpstreamFormatException">Its vectors are not as many, or not as long, as was asked for.</exception>
    internal EmbeddingAnswer Checked(EmbeddingAnswer answer)
    {
        EmbeddingAnswerCheck.Check(answer, scan.PromptCount, scan.Dimensions);
        return EmbeddingEncoding.Convert(answer, scan.WantsBase64);
    }
}

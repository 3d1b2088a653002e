using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.TestSupport.Routing;

namespace EdgeRouter.FunctionalTests.OtherMedia;

/// <summary>Text in, sound out: the answer is bytes, whole or as they come, in the media type that the provider says. Nothing can be told inside it.</summary>
internal sealed class SpeechApi : ICallerApi
{
    public string Name => "speech";

    public IReadOnlyList<string> Paths => ["audio/speech"];

    public Operation Operation { get; } = new CountedOperation("speech", "audio", OutputUnit.Bytes);

    public string RequestMediaType => "application/json";

    public string AnswerMediaType => "audio/mpeg";

    public string StreamMediaType => "audio/mpeg";

    public string ErrorMediaType => "application/json";

    public ReadOnlySpan<byte> KeepAlive => [];

    public bool StreamsCarryErrors => false;

    public bool Reads(string? contentType) => contentType is null || contentType.StartsWith(RequestMediaType, StringComparison.Ordinal);

    public CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body)
    {
        var json = JsonNode.Parse(body.Span)!;
        return new Request(new RequestFacts { Model = json["model"]!.GetValue<string>(), Stream = json["stream"]?.GetValue<bool>() == true }, body);
    }

    public string FieldOf(RequestFault fault) => fault.Fact.ToString();

    public void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        output.Write(System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["error"] = error.Message }.ToJsonString()));

    public void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        throw new InvalidOperationException("Sound has no place for an error.");

    public void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) => throw new NotSupportedException();

    private sealed class Request(RequestFacts facts, ReadOnlyMemory<byte> body) : CallerRequest(facts, body.Length)
    {
        public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint) =>
            new SpeechExchange(body, wire.GetPath(Facts.Operation, "", Facts.Stream)!);
    }

    private sealed class SpeechExchange(ReadOnlyMemory<byte> body, string path) : IExchange
    {
        public string Path => path;

        public WireTransport Transport { get; } = new("application/json", "audio/*", new ByteFraming());

        public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
        {
            output.Write(body.Span);
            return default;
        }

        public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) => new SoundStream(contentType);

        public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) => new WholeSound(contentType);
    }

    private sealed class SoundStream(string? contentType) : IStreamTranscoder
    {
        public string? MediaType => contentType;

        public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
        {
            if (eventName.SequenceEqual(ByteFraming.End))
            {
                (progress.FinishReason, progress.FinishedChoices, progress.Completed) = (FinishReason.Stop, 1, true);
                return;
            }
            progress.TokenSeen = true;
            progress.OutputCount += data.Length;
            output.Write(data.Span);
        }

        public void Complete(UsageReport usage, IBufferWriter<byte> output)
        {
        }

        public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) =>
            throw new InvalidOperationException("Sound has no place for an error.");
    }

    private sealed class WholeSound(string? contentType) : IResponseTranscoder
    {
        private ReadOnlyMemory<byte> sound;

        public string? MediaType => contentType;

        public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
        {
            sound = body;
            (progress.TokenSeen, progress.Completed, progress.OutputCount) = (!body.IsEmpty, true, body.Length);
        }

        public void Write(UsageReport usage, IBufferWriter<byte> output) => output.Write(sound.Span);
    }
}

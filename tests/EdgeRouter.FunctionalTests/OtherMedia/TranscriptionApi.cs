using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
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

/// <summary>
/// A form with a file in, lines of text out. The provider gets a form with a boundary of the router's own and answers in a binary event stream.
/// </summary>
internal sealed class TranscriptionApi : ICallerApi
{
    private const string Boundary = "routers-own-boundary";

    public string Name => "transcription";

    public IReadOnlyList<string> Paths => ["audio/transcriptions"];

    public Operation Operation { get; } = new CountedOperation("transcription", "text", OutputUnit.Characters);

    public string RequestMediaType => "multipart/form-data";

    public string AnswerMediaType => "text/plain";

    public string StreamMediaType => "text/plain; charset=utf-8";

    public string ErrorMediaType => "application/problem+json";

    public ReadOnlySpan<byte> KeepAlive => "\n"u8;

    public bool StreamsCarryErrors => true;

    public bool Reads(string? contentType) => contentType?.StartsWith(RequestMediaType, StringComparison.Ordinal) == true;

    public CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body)
    {
        var boundary = head.Header("Content-Type")!.Split("boundary=")[1].Trim('"');
        var form = Encoding.UTF8.GetString(body.Span);
        var model = Regex.Match(form, "name=\"?model\"?\r\n\r\n(?<model>[^\r]*)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["model"].Value;
        return new Request(new RequestFacts { Model = model, Stream = true }, form.Replace(boundary, Boundary, StringComparison.Ordinal));
    }

    public string FieldOf(RequestFault fault) => fault.Fact.ToString();

    public void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output) =>
        output.Write(Encoding.UTF8.GetBytes(new JsonObject { ["title"] = error.Message }.ToJsonString()));

    public void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        output.Write(Encoding.UTF8.GetBytes("! " + error.Message));

    public void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) => throw new NotSupportedException();

    private sealed class Request(RequestFacts facts, string form) : CallerRequest(facts, form.Length)
    {
        public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint) => new FormExchange(form, wire.GetPath(Facts.Operation, "", true)!);
    }

    private sealed class FormExchange(string form, string path) : IExchange
    {
        public string Path => path;

        public WireTransport Transport { get; } = new($"multipart/form-data; boundary={Boundary}", "application/json", new BinaryEventFraming());

        public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
        {
            output.Write(Encoding.UTF8.GetBytes(form));
            return default;
        }

        public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) => new Lines();

        public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header, string? contentType) => throw new NotSupportedException();
    }

    private sealed class Lines : IStreamTranscoder
    {
        public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
        {
            if (eventName.SequenceEqual("stop"u8))
            {
                (progress.FinishReason, progress.FinishedChoices, progress.Completed) = (FinishReason.Stop, 1, true);
                return;
            }
            progress.TokenSeen = true;
            progress.OutputCount += data.Length;
            output.Write(data.Span);
            output.Write("\n"u8);
        }

        public void Complete(UsageReport usage, IBufferWriter<byte> output) => output.Write("."u8);

        public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => output.Write("!"u8);
    }
}

using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.OpenAIChat.Caller.Streaming;
using EdgeRouter.Dialects.OpenAIChat.PassThrough;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>A chat request. With a provider that speaks the same format it is passed through.</summary>
internal sealed class OpenAIChatRequest(OpenAIChatScan scan, ReadOnlyMemory<byte> body) : ConversationRequest(scan, body.Length)
{
    private ReadOnlyMemory<byte> body = body;

    /// <summary>The caller's body.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Where things stand in it.</summary>
    public OpenAIChatScan Scan => scan;

    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint) => wire.Name == WireNames.OpenAIChat
        ? new OpenAIChatPassThrough(this, (IConversationWire)wire, Target(endpoint)) : CreateCanonical(wire, endpoint);

    public override void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        OpenAIChatResponseWriter.Write(response, header, usage, output);

    public override ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new OpenAIChatStreamWriter(header);

    public override void Forget()
    {
        body = default;
        base.Forget();
    }

    protected override IRequestFields Fields => OpenAIChatFields.Instance;

    protected override ChatRequest ReadConversation() => OpenAIChatRequestReader.Read(body);
}

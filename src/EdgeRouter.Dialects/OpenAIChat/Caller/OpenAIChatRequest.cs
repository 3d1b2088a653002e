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
internal sealed class OpenAIChatRequest(OpenAIChatScan scan) : ConversationRequest(scan, scan.Body.Length)
{
    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint) => wire.Name == WireNames.OpenAIChat
        ? new OpenAIChatPassThrough(this, scan, (IConversationWire)wire, Target(endpoint)) : CreateCanonical(wire, endpoint);

    public override void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        OpenAIChatResponseWriter.Write(response, header, usage, output);

    public override ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new OpenAIChatStreamWriter(header);

    protected override IRequestFields Fields =>
        scan.TryGet(OpenAIChatRequestMembers.Prompt, out _) ? OpenAIChatPromptFields.Instance : OpenAIChatFields.Instance;

    protected override ChatRequest ReadConversation() => OpenAIChatRequestReader.Read(scan.Body);
}

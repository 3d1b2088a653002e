using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.OpenAIChat.Wire.Events;

namespace EdgeRouter.Dialects.OpenAIChat.PassThrough;

/// <summary>
/// The fast path for whole answers: writes what <see cref="CanonicalResponseTranscoder"/> writes, but copies texts and tool calls from the provider's
/// bytes. An answer with anything rarer (log probabilities, images, structured reasoning, further members, ...) goes through
/// <see cref="ChatResponse"/>. Not thread-safe.
/// </summary>
/// <param name="provider">The provider, which says where cached tokens are counted.</param>
/// <param name="header">The head of the answer.</param>
public sealed class OpenAIChatResponsePatcher(Provider provider, AnswerHeader header) : IResponseTranscoder
{
    private readonly OpenAIChatEventParser parser = new(provider.CachedTokens);
    private ReadOnlyMemory<byte> body;
    private ChatResponse? response;
    private bool wasRead;
    private bool wasWritten;

    /// <summary>Whether the answer that was read is copied only.</summary>
    public bool IsFast => wasRead && response is null;

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        if (wasRead) throw new InvalidOperationException("A response patcher reads one answer.");
        this.body = body;
        parser.ParseWhole(body.Span);
        if (IsPlain(parser.Pieces)) Note(progress);
        else
        {
            response = OpenAIChatResponseReader.Join(parser, body.Span);
            progress.Observe(response);
        }
        wasRead = true;
    }

    /// <inheritdoc/>
    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        if (!wasRead || wasWritten) throw new InvalidOperationException("A response patcher reads one answer, then writes it.");
        wasWritten = true;
        if (response is not null) OpenAIChatResponseWriter.Write(response, header, usage, output);
        else WritePlain(usage, output);
        parser.Release();
    }

    /// <summary>Plain: choices in order of index, each with at most one piece of every text and with whole tool calls.</summary>
    private static bool IsPlain(ReadOnlySpan<OpenAIChatPiece> pieces)
    {
        var choice = -1;
        var seen = 0;
        foreach (ref readonly var piece in pieces)
        {
            switch (piece.Kind)
            {
                case OpenAIChatPieceKind.ResponseStarted:
                case OpenAIChatPieceKind.Usage:
                    continue;
                case OpenAIChatPieceKind.ChoiceStarted when piece.Choice > choice:
                    choice = piece.Choice;
                    seen = 0;
                    continue;
                case OpenAIChatPieceKind.ToolCall when piece.Choice == choice && piece is { Name.IsPresent: true, Text.IsPresent: true, Json.IsPresent: false }:
                    continue;
                case OpenAIChatPieceKind.Reasoning or OpenAIChatPieceKind.Text or OpenAIChatPieceKind.Refusal or OpenAIChatPieceKind.ChoiceFinished
                    when piece.Choice == choice && (seen & Bit(piece.Kind)) == 0 && !piece.Json.IsPresent:
                    seen |= Bit(piece.Kind);
                    continue;
                default:
                    return false;
            }
        }
        return choice >= 0;
    }

    private static int Bit(OpenAIChatPieceKind kind) => 1 << (int)kind;

    private void Note(StreamProgress progress)
    {
        var bytes = body.Span;
        foreach (ref readonly var piece in parser.Pieces)
        {
            switch (piece.Kind)
            {
                case OpenAIChatPieceKind.ResponseStarted:
                    progress.UpstreamId = piece.Id.TextIn(bytes);
                    progress.ServiceTier = piece.Json.TextIn(bytes);
                    break;
                case OpenAIChatPieceKind.ChoiceFinished:
                    progress.FinishReason = piece.Reason;
                    progress.NativeFinishReason = piece.Text.TextIn(bytes);
                    break;
                case OpenAIChatPieceKind.ToolCall:
                    progress.TokenSeen = true;
                    progress.OutputBytes += JsonStrings.DecodedLength(piece.Text.In(bytes));
                    var calls = progress.ToolCalls ??= new SeenToolCalls();
                    calls.Add(piece.Choice, piece.Index, piece.Name.TextIn(bytes), null);
                    calls.AddRaw(piece.Choice, piece.Index, piece.Text.In(bytes));
                    break;
                case OpenAIChatPieceKind.Text or OpenAIChatPieceKind.Reasoning or OpenAIChatPieceKind.Refusal when piece.Text.HasContent:
                    progress.TokenSeen = true;
                    progress.OutputBytes += JsonStrings.DecodedLength(piece.Text.In(bytes));
                    break;
            }
        }
        progress.Usage = parser.Usage;
        progress.Completed = true;
    }

    private void WritePlain(UsageReport usage, IBufferWriter<byte> output)
    {
        var bytes = body.Span;
        var pieces = parser.Pieces;
        var position = 0;
        var isFirst = true;
        while (position < pieces.Length)
        {
            ref readonly var piece = ref pieces[position++];
            if (piece.Kind == OpenAIChatPieceKind.ResponseStarted)
                OpenAIChatMessageLayout.OpenAnswer(header, JsonText.Of(piece.Text, bytes), piece.Json.TextIn(bytes), output);
            if (piece.Kind != OpenAIChatPieceKind.ChoiceStarted) continue;
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            var count = 0;
            while (position + count < pieces.Length && pieces[position + count].Kind is not (OpenAIChatPieceKind.ChoiceStarted or OpenAIChatPieceKind.Usage))
                count++;
            WriteChoice(piece.Choice, pieces.Slice(position, count), bytes, output);
            position += count;
        }
        output.Write("]"u8);
        OpenAIChatMessageLayout.CloseAnswer(usage, output);
    }

    private void WriteChoice(int index, ReadOnlySpan<OpenAIChatPiece> pieces, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        JsonRange content = default, refusal = default, reasoning = default, native = default;
        FinishReason? reason = null;
        foreach (ref readonly var piece in pieces)
        {
            if (piece.Kind == OpenAIChatPieceKind.Text) content = piece.Text;
            else if (piece.Kind == OpenAIChatPieceKind.Refusal) refusal = piece.Text;
            else if (piece.Kind == OpenAIChatPieceKind.Reasoning && !header.ExcludeReasoning) reasoning = piece.Text;
            else if (piece.Kind == OpenAIChatPieceKind.ChoiceFinished) (reason, native) = (piece.Reason, piece.Text);
        }
        OpenAIChatMessageLayout.Open(index, JsonText.Of(content, bytes), JsonText.Of(refusal, bytes), JsonText.Of(reasoning, bytes), output);
        if (reasoning.IsPresent)
        {
            output.Write(",\"reasoning_details\":["u8);
            OpenAIChatReasoningDetails.WritePlain(JsonText.Of(reasoning, bytes), output);
            output.Write("]"u8);
        }
        var isFirst = true;
        foreach (ref readonly var piece in pieces)
        {
            if (piece.Kind != OpenAIChatPieceKind.ToolCall) continue;
            var id = piece.MadeId is null ? JsonText.Of(piece.Id, bytes) : piece.MadeId;
            OpenAIChatMessageLayout.WriteToolCall(isFirst, id, JsonText.Of(piece.Name, bytes), JsonText.Of(piece.Text, bytes), output);
            isFirst = false;
        }
        if (!isFirst) OpenAIChatMessageLayout.CloseToolCalls(output);
        OpenAIChatMessageLayout.Close(reason, JsonText.Of(native, bytes), null, output);
    }
}

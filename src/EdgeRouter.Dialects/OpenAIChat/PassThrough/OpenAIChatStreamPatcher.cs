using System.Buffers;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller.Streaming;
using EdgeRouter.Dialects.OpenAIChat.Wire.Events;

namespace EdgeRouter.Dialects.OpenAIChat.PassThrough;

/// <summary>
/// The fast path between a provider and a caller that both speak OpenAI Chat. Byte for byte it writes what <see cref="CanonicalStreamTranscoder"/>
/// writes, but what streams are made of (text, plain reasoning, refusals, arguments, ends, usage) is copied from the provider's bytes into the
/// caller's without becoming a string or an object. Anything rarer goes through the canonical events, one event at a time. Not thread-safe; the
/// header's id and model are in every chunk.
/// </summary>
public sealed class OpenAIChatStreamPatcher : IStreamTranscoder
{
    private readonly OpenAIChatEventParser parser;
    private readonly OpenAIChatStreamWriter writer;
    private readonly List<StreamEvent> events = [];

    /// <summary>A patcher for one stream.</summary>
    /// <param name="provider">The provider, which says where cached tokens are counted.</param>
    /// <param name="header">The head of every chunk.</param>
    public OpenAIChatStreamPatcher(Provider provider, AnswerHeader header)
    {
        parser = new OpenAIChatEventParser(provider.CachedTokens);
        writer = new OpenAIChatStreamWriter(header);
    }

    /// <summary>The provider's events that were copied only.</summary>
    public long FastEvents { get; private set; }

    /// <summary>The provider's events that needed canonical events, in whole or in part.</summary>
    public long FallbackEvents { get; private set; }

    /// <inheritdoc/>
    public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
    {
        var bytes = data.Span;
        parser.ParseEvent(eventName, bytes);
        // Before anything is written: a piece that cannot be read refuses the whole event. Chunks have no part numbers, so that the number does not matter.
        events.Clear();
        foreach (ref readonly var piece in parser.Pieces)
            if (NeedsEvent(piece)) events.Add(piece.ToEvent(bytes, parser, part: 0));
        var isFast = events.Count == 0;
        var next = 0;
        foreach (ref readonly var piece in parser.Pieces)
        {
            if (NeedsEvent(piece))
            {
                progress.Observe(events[next]);
                writer.Write(events[next++], output);
            }
            else if (piece.Kind == OpenAIChatPieceKind.ToolCall && !IsPlainCall(piece))
            {
                isFast = false;
                WriteToolCall(piece, bytes, output, progress);
            }
            else
            {
                Copy(piece, bytes, output, progress);
            }
        }
        parser.Release();
        if (isFast) FastEvents++;
        else FallbackEvents++;
    }

    /// <inheritdoc/>
    public TokenUsage? ReadLateUsage(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data)
    {
        parser.ParseEvent(eventName, data.Span);
        TokenUsage? usage = null;
        foreach (ref readonly var piece in parser.Pieces)
            if (piece.Kind == OpenAIChatPieceKind.Usage) usage = parser.Usage;
        parser.Release();
        return usage;
    }

    /// <inheritdoc/>
    public void Complete(UsageReport usage, IBufferWriter<byte> output) => writer.Complete(usage, output);

    /// <inheritdoc/>
    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => writer.Fail(error, usage, output);

    /// <summary>Pieces that are not copied: they have JSON inside, or are rare.</summary>
    private static bool NeedsEvent(in OpenAIChatPiece piece) => piece.Kind switch
    {
        OpenAIChatPieceKind.Text or OpenAIChatPieceKind.Reasoning => piece.Json.IsPresent,
        OpenAIChatPieceKind.ResponseStarted or OpenAIChatPieceKind.Image or OpenAIChatPieceKind.Extension or OpenAIChatPieceKind.Failed => true,
        _ => false,
    };

    /// <summary>A further piece of a call's arguments.</summary>
    private static bool IsPlainCall(in OpenAIChatPiece piece) =>
        piece is { Text.IsPresent: true, Json.IsPresent: false, Id.IsPresent: false, MadeId: null, Name.IsPresent: false };

    private void Copy(in OpenAIChatPiece piece, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output, StreamProgress progress)
    {
        switch (piece.Kind)
        {
            case OpenAIChatPieceKind.ChoiceStarted:
                writer.Layout.WriteRole(piece.Choice, output);
                break;
            case OpenAIChatPieceKind.Text:
                writer.Layout.WriteText(piece.Choice, CountToken(piece, bytes, progress), null, output);
                progress.Kept?.AppendRaw(piece.Text.In(bytes));
                break;
            case OpenAIChatPieceKind.Reasoning:
                var reasoning = CountToken(piece, bytes, progress);
                if (!writer.ExcludeReasoning) writer.Layout.WriteReasoning(piece.Choice, reasoning, null, output);
                break;
            case OpenAIChatPieceKind.Refusal:
                writer.Layout.WriteRefusal(piece.Choice, CountToken(piece, bytes, progress), output);
                progress.Kept?.Spoil();
                break;
            case OpenAIChatPieceKind.ToolCall:
                writer.Layout.WriteToolCall(piece.Choice, piece.Index, JsonText.Null, JsonText.Null, CountToken(piece, bytes, progress), output);
                (progress.ToolCalls ??= new SeenToolCalls()).AddRaw(piece.Choice, piece.Index, piece.Text.In(bytes));
                break;
            case OpenAIChatPieceKind.ChoiceFinished:
                progress.FinishedChoices++;
                progress.FinishReason = piece.Reason;
                progress.NativeFinishReason = piece.Text.TextIn(bytes);
                writer.Layout.WriteFinish(piece.Choice, piece.Reason, JsonText.Of(piece.Text, bytes), output);
                break;
            case OpenAIChatPieceKind.Usage:
                progress.Usage = parser.Usage;
                break;
            case OpenAIChatPieceKind.Completed:
                progress.Completed = true;
                break;
        }
    }

    /// <summary>A piece with an id, a name, or arguments as an object: mostly the first of a call.</summary>
    private void WriteToolCall(in OpenAIChatPiece piece, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output, StreamProgress progress)
    {
        var calls = progress.ToolCalls ??= new SeenToolCalls();
        var composed = piece.Json.IsPresent ? piece.ArgumentsIn(bytes) : null;
        calls.Add(piece.Choice, piece.Index, piece.Name.TextIn(bytes), composed);
        calls.AddRaw(piece.Choice, piece.Index, piece.Text.In(bytes));
        progress.TokenSeen = true;
        progress.OutputBytes += composed is null ? JsonStrings.DecodedLength(piece.Text.In(bytes)) : Encoding.UTF8.GetByteCount(composed);
        var id = piece.MadeId is null ? JsonText.Of(piece.Id, bytes) : piece.MadeId;
        var arguments = composed is null ? JsonText.Of(piece.Text, bytes) : composed;
        writer.Layout.WriteToolCall(piece.Choice, piece.Index, id, JsonText.Of(piece.Name, bytes), arguments, output);
    }

    private static JsonText CountToken(in OpenAIChatPiece piece, ReadOnlySpan<byte> bytes, StreamProgress progress)
    {
        var raw = piece.Text.In(bytes);
        progress.TokenSeen = true;
        progress.OutputBytes += JsonStrings.DecodedLength(raw);
        return JsonText.Raw(raw);
    }
}

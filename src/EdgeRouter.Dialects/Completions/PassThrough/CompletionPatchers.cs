using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Completions.Caller.Answers;
using EdgeRouter.Dialects.Completions.Wire;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Completions.PassThrough;

/// <summary>
/// Rewrites the chunks of a provider's completion for the caller: head, reasons and usage are the router's, texts are copied. Not thread-safe.
/// </summary>
internal sealed class CompletionStreamPatcher(Provider provider, AnswerHeader header, EchoedPrompts? echoed = null) : IStreamTranscoder
{
    private readonly CompletionAnswer chunk = new(provider.CachedTokens, echoed);
    private readonly CompletionChunkLayout layout = new(header);
    private bool hasFingerprint;

    public void Transcode(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data, IBufferWriter<byte> output, StreamProgress progress)
    {
        var bytes = data.Span;
        if (bytes.SequenceEqual("[DONE]"u8))
        {
            progress.Completed = true;
            return;
        }
        chunk.Read(bytes);
        chunk.Note(bytes, progress);
        if (!hasFingerprint && chunk.Fingerprint.IsPresent)
        {
            layout.SetFingerprint(chunk.Fingerprint.TextIn(bytes));
            hasFingerprint = true;
        }
        if (chunk.Error is not null) return;
        foreach (var choice in chunk.Choices)
        {
            if (!choice.Text.HasContent && choice.Finish is null && !choice.Logprobs.IsPresent) continue;
            layout.WriteChoice(choice.Index, JsonText.Of(choice.Text, bytes), choice.Logprobs.In(bytes), choice.Finish, JsonText.Of(choice.Native, bytes),
                output);
        }
    }

    public TokenUsage? ReadLateUsage(ReadOnlySpan<byte> eventName, ReadOnlyMemory<byte> data)
    {
        if (data.Span.SequenceEqual("[DONE]"u8)) return null;
        var late = new StreamProgress();
        chunk.Read(data.Span);
        chunk.Note(data.Span, late);
        return late.Usage;
    }

    public void Complete(UsageReport usage, IBufferWriter<byte> output) => layout.WriteEnd(usage, output);

    public void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output) => layout.WriteFailure(error, usage, output);
}

/// <summary>Rewrites a provider's whole completion for the caller. Reads one answer, then writes it. Not thread-safe.</summary>
internal sealed class CompletionResponsePatcher(Provider provider, AnswerHeader header, EchoedPrompts? echoed = null) : IResponseTranscoder
{
    private readonly CompletionAnswer answer = new(provider.CachedTokens, echoed);
    private ReadOnlyMemory<byte> bytes;

    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        bytes = body;
        answer.Read(body.Span);
        answer.Note(body.Span, progress);
        if (answer.Error is not null) return;
        if (answer.Choices.Count == 0) throw new UpstreamFormatException("The answer has no choices.");
        progress.Completed = true;
    }

    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        var json = bytes.Span;
        CompletionResponseWriter.Open(header, JsonText.Of(answer.Fingerprint, json), output);
        for (var i = 0; i < answer.Choices.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            var choice = answer.Choices[i];
            CompletionChoiceLayout.Write(choice.Index, JsonText.Null, JsonText.Of(choice.Text, json), choice.Logprobs.In(json), choice.Finish,
                JsonText.Of(choice.Native, json), output);
        }
        CompletionResponseWriter.Close(usage, output);
    }
}

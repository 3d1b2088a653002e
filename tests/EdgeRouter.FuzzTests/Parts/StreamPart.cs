using System.Buffers;
using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.FuzzTests.Inputs;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>
/// Plays a provider's stream to a caller as the gateway does. However it is split, and whether bytes are patched or go through the content model, the
/// caller gets the same whole events, and the terminator only after the provider's.
/// </summary>
internal sealed class StreamPart(ICallerApi api, IProviderWire wire) : IFuzzedPart
{
    private readonly AnswerSetting setting = new(api, wire);

    public string Kind => FuzzCorpus.Streams;

    public string Format => wire.Name;

    public void Check(PartInput input)
    {
        var whole = Play(setting.Exchange, [input.Content]);
        var client = new MessagesClient();
        Assert.Equal(whole.Completed ? StreamEnd.Terminator : StreamEnd.Error, EventsCheck.AssertEvents(whole.Output, client));
        if (input.Split > 0) Assert.Equal(whole, Play(setting.Exchange, Bytes.Split(input.Content, input.Split)));
        if (!client.HasCopies && setting.Canonical is { } canonical) Assert.Equal(Play(canonical, [input.Content]), whole);
    }

    private Played Play(IExchange exchange, IEnumerable<byte[]> pieces)
    {
        var transcoder = exchange.CreateStreamTranscoder(AnswerSetting.Header, null);
        using var reader = exchange.Transport.Framing.CreateReader(SseReader.DefaultMaxEventBytes);
        var output = new ArrayBufferWriter<byte>();
        var progress = new StreamProgress();
        var isMalformed = false;
        try
        {
            foreach (var piece in pieces)
            {
                reader.Append(piece);
                Take();
            }
            reader.Complete();
            Take();
        }
        catch (Exception exception) when (AnswerSetting.IsMalformed(exception))
        {
            isMalformed = true;
        }
        // What follows the end can no longer spoil it.
        var completed = progress is { Completed: true, Error: null };
        var usage = setting.Price(progress);
        if (completed) transcoder.Complete(usage, output);
        else transcoder.Fail(new RouterError(502, ErrorTypes.ProviderUnavailable, "Broken."), usage, output);
        return new Played(Encoding.UTF8.GetString(output.WrittenSpan), completed, isMalformed, progress.TokenSeen, progress.OutputBytes,
            $"{progress.Usage} {progress.FinishReason} {progress.NativeFinishReason} {progress.UpstreamId} {progress.Error}");

        void Take()
        {
            while (reader.TryRead(out var read))
                if (progress.Completed) progress.Usage ??= transcoder.ReadLateUsage(read.Name, read.Data);
                else if (progress.Error is null) transcoder.Transcode(read.Name, read.Data, output, progress);
        }
    }

    private sealed record Played(string Output, bool Completed, bool IsMalformed, bool TokenSeen, long OutputBytes, string Told);
}

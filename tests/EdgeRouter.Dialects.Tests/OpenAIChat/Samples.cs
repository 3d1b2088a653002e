using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

/// <summary>What tests of answers share: a header, a provider, a priced usage, and a way to play a stream through a transcoder.</summary>
internal static class Samples
{
    public static readonly AnswerHeader Header = new("gen-1760000000-AAabc", 1760000000, "acme/one", "Alpha", ExcludeReasoning: false);

    public static readonly OpenAIChatWire Wire = new();

    /// <summary>A request that such answers answer.</summary>
    public static readonly ConversationRequest Request = (ConversationRequest)new OpenAIChatCallerApi().Read(NoHead.Instance,
        """{"model":"acme/one","messages":[{"role":"user","content":"Hi"}]}"""u8.ToArray());

    public static readonly UsageReport Priced = new(new TokenUsage { Input = 19, Output = 3 }, new NanoDollars(25_500), new NanoDollars(19_500),
        new NanoDollars(6_000));

    /// <summary>The same, for a caller who asked for <c>openrouter_metadata</c>.</summary>
    public static readonly UsageReport Explained = Priced with { RouterMetadata = new JsonObject { ["requested"] = "acme/one", ["summary"] = "\"é\"" } };

    public static Provider Provider(CachedTokenCounting counting = CachedTokenCounting.InsidePrompt) =>
        new() { Slug = "alpha", Name = "Alpha", Wire = WireNames.OpenAIChat, Auth = AuthSchemes.Bearer, CachedTokens = counting };

    public static IStreamTranscoder Canonical(AnswerHeader header) =>
        new CanonicalStreamTranscoder(Wire.CreateStreamReader(Provider()), Request.CreateStreamWriter(header));

    public static string Text(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Plays a stream as the gateway does: a failure told or thrown ends it with Fail, [DONE] with Complete, and silence with nothing.</summary>
    public static Played Play(IStreamTranscoder transcoder, IEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        using var reader = new SseReader();
        var output = new ArrayBufferWriter<byte>();
        var progress = new StreamProgress();
        string? fault = null;
        try
        {
            foreach (var chunk in chunks)
            {
                reader.Append(chunk);
                Drain();
            }
            reader.Complete();
            Drain();
        }
        catch (UpstreamFormatException exception)
        {
            fault = exception.Message;
        }
        var usage = Explained with { Usage = progress.Usage ?? default };
        if (fault is not null || progress.Error is not null) transcoder.Fail(new RouterError(502, ErrorTypes.ProviderUnavailable, "Broken."), usage, output);
        else if (progress.Completed) transcoder.Complete(usage, output);
        return new Played(Encoding.UTF8.GetString(output.WrittenSpan), progress, fault);

        void Drain()
        {
            while (reader.TryRead(out var frame))
                if (progress is { Completed: false, Error: null }) transcoder.Transcode(frame.Name, frame.Data, output, progress);
        }
    }

    public sealed record Played(string Output, StreamProgress Progress, string? Fault)
    {
        public string Summary =>
            $"{Progress.TokenSeen} {Progress.Completed} {Progress.Error} {Progress.Usage} {Progress.FinishReason} "
            + $"{Progress.NativeFinishReason} {Progress.UpstreamId} {Progress.ServiceTier} {Progress.OutputBytes} "
            + $"{Progress.ToolCalls?.AreSound(new RequestFacts())} {Fault}";
    }
}

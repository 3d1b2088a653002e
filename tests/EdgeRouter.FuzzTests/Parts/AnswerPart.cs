using System.Buffers;
using System.Text;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>
/// Reads a provider's whole answer, and writes it for a caller: strict JSON, and the same whether bytes are patched or go through the content model.
/// </summary>
internal sealed class AnswerPart(ICallerApi api, IProviderWire wire) : IFuzzedPart
{
    private readonly AnswerSetting setting = new(api, wire);

    public string Kind => FuzzCorpus.Answers;

    public string Format => wire.Name;

    public void Check(PartInput input)
    {
        var client = new MessagesClient();
        var written = Play(setting.Exchange, input.Content, client);
        if (!client.HasCopies && setting.Canonical is { } canonical) Assert.Equal(Play(canonical, input.Content, client), written);
    }

    private string Play(IExchange exchange, byte[] answer, MessagesClient client)
    {
        var transcoder = exchange.CreateResponseTranscoder(AnswerSetting.Header, null);
        var progress = new StreamProgress();
        try
        {
            transcoder.Read(answer, progress);
        }
        catch (Exception exception) when (AnswerSetting.IsMalformed(exception))
        {
            return "malformed";
        }
        var usage = setting.Price(progress);
        // The gateway writes nothing of an answer that has failed or is empty.
        if (progress.Error is not null || !progress.TokenSeen) return "failed";
        var output = new ArrayBufferWriter<byte>();
        transcoder.Write(usage, output);
        var json = JsonCheck.AssertJson(output.WrittenMemory);
        if (api.Name == "messages") client.TakeWhole(json);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Rerank.Wire;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Rerank.Caller.Answers;

/// <summary>
/// Turns a provider's scores into the caller's answer: the best first, each with its document, as many as were asked for. Not thread-safe.
/// </summary>
internal sealed class RerankTranscoder(RerankRequest request, AnswerHeader header) : IResponseTranscoder
{
    private readonly ArrayBufferWriter<byte> results = new();

    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        var answer = RerankAnswerReader.Read(body);
        (progress.UpstreamId, progress.Usage, progress.Error) = (answer.UpstreamId, answer.Usage, answer.Error);
        if (answer.Error is not null || answer.Results.Count == 0) return;
        // Written now: the caller's body is gone when the answer is.
        WriteResults(Checked(answer.Results));
        (progress.Completed, progress.TokenSeen) = (true, true);
    }

    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        output.Write("{\"id\":"u8);
        ((JsonText)header.GenerationId).WriteValue(output);
        output.Write(",\"model\":"u8);
        ((JsonText)header.Model).WriteValue(output);
        output.Write(",\"provider\":"u8);
        ((JsonText)header.ProviderName).WriteValue(output);
        output.Write(",\"results\":["u8);
        output.Write(results.WrittenSpan);
        output.Write("],\"usage\":{\"total_tokens\":"u8);
        JsonBytes.Write(usage.Usage.PromptTotal, output);
        if (usage.Usage.SearchUnits is { } units)
        {
            output.Write(",\"search_units\":"u8);
            JsonBytes.Write(units, output);
        }
        if (usage.Cost is { } cost)
        {
            output.Write(",\"cost\":"u8);
            JsonBytes.Write(cost, output);
        }
        output.Write("}"u8);
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}"u8);
    }

    private List<RerankResult> Checked(IReadOnlyList<RerankResult> given)
    {
        var seen = new bool[request.Facts.PromptCount];
        foreach (var result in given)
        {
            if ((uint)result.Index >= (uint)seen.Length || seen[result.Index])
                throw new UpstreamFormatException("The indexes of the results are not those of the documents.");
            seen[result.Index] = true;
        }
        if (given.Count < request.ResultCount)
            throw new UpstreamMismatchException($"The answer has {given.Count} results, expected {request.ResultCount}.");
        var ordered = given.OrderByDescending(static result => result.Score).ToList();
        if (ordered.Count > request.ResultCount) ordered.RemoveRange(request.ResultCount, ordered.Count - request.ResultCount);
        return ordered;
    }

    private void WriteResults(List<RerankResult> ordered)
    {
        for (var i = 0; i < ordered.Count; i++)
        {
            results.Write(i > 0 ? ",{\"index\":"u8 : "{\"index\":"u8);
            JsonBytes.Write(ordered[i].Index, results);
            results.Write(",\"relevance_score\":"u8);
            results.Write(ordered[i].Text.Span);
            results.Write(",\"document\":"u8);
            var document = request.Document(ordered[i].Index);
            var isText = document[0] == (byte)'"';
            if (isText) results.Write("{\"text\":"u8);
            JsonBytes.WriteMinified(document, results);
            if (isText) results.Write("}"u8);
            results.Write("}"u8);
        }
    }
}

using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Gemini.Caller.Answers;
using EdgeRouter.Dialects.Gemini.Wire.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.PassThrough;

/// <summary>
/// The fast path for whole answers: writes what <see cref="CanonicalResponseTranscoder"/> writes, but copies the parts from the provider's bytes, with what the
/// content model has no place for (parts of Google's tools, the whole of what grounds an answer). Not thread-safe.
/// </summary>
/// <param name="header">The head of the answer.</param>
/// <param name="signatures">Where signatures are noted; null: nowhere.</param>
internal sealed class GeminiResponsePatcher(AnswerHeader header, LostSignatures? signatures) : IResponseTranscoder
{
    private ReadOnlyMemory<byte> body;
    private ChatResponse? response;

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> body, StreamProgress progress)
    {
        this.body = body;
        response = GeminiResponseReader.Read(body);
        progress.Observe(response);
    }

    /// <inheritdoc/>
    public void Write(UsageReport usage, IBufferWriter<byte> output)
    {
        if (response is null) throw new InvalidOperationException("Nothing was read.");
        signatures?.Note(response);
        using var document = JsonDocument.Parse(body);
        if (!CanCopy(document.RootElement, out var candidates))
        {
            GeminiResponseWriter.Write(response, header, usage, output);
            return;
        }
        GeminiAnswerLayout.Open(output);
        for (var i = 0; i < response.Choices.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            WriteCandidate(candidates[i], response.Choices[i], output);
        }
        GeminiAnswerLayout.CloseCandidates(header, output);
        GeminiUsageWriter.WriteMember(usage, output);
        RouterMetadataJson.WriteMember(usage.RouterMetadata, output);
        output.Write("}"u8);
    }

    /// <summary>Whether the candidates stand as they were read: each once, in the order of their numbers. A refused prompt has none.</summary>
    private bool CanCopy(JsonElement root, out JsonElement candidates)
    {
        if (!root.TryGetArray("candidates"u8, out candidates) || candidates.GetArrayLength() != response!.Choices.Count) return false;
        for (var i = 0; i < response.Choices.Count; i++)
            if ((candidates[i].GetCount("index"u8) ?? 0) != response.Choices[i].Index) return false;
        return true;
    }

    private void WriteCandidate(JsonElement candidate, ChatChoice choice, IBufferWriter<byte> output)
    {
        GeminiAnswerLayout.OpenCandidate(output);
        if (candidate.TryGetObject("content"u8, out var content) && content.TryGetArray("parts"u8, out var parts))
        {
            var copier = new GeminiPartCopier(choice.Message.Content, header.ExcludeReasoning, output);
            foreach (var part in parts.EnumerateArray()) copier.Copy(part);
            copier.End(null);
        }
        GeminiAnswerLayout.CloseParts(choice.Index, GeminiReasons.Of(choice.FinishReason, choice.NativeFinishReason, refuses: false), output);
        GeminiLogprobsWriter.WriteMember(choice.Logprobs, output);
        foreach (var member in candidate.EnumerateObject())
        {
            if (!GeminiUncarried.IsMember(member.Name) || member.Value.ValueKind == JsonValueKind.Null) continue;
            output.Write(","u8);
            ((JsonText)member.Name).WriteValue(output);
            output.Write(":"u8);
            JsonBytes.Write(member.Value, output);
        }
        output.Write("}"u8);
    }
}

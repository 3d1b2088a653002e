using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Caller.Answers;
using EdgeRouter.Dialects.Gemini.Wire.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.PassThrough;

/// <summary>
/// Copies the parts of one candidate of a whole answer. Texts in a row are one text, and thoughts in a row one thought up to a signature, as the content model
/// has them. Not thread-safe.
/// </summary>
/// <param name="read">The parts as they were read, for the calls, which have ids there.</param>
/// <param name="hidesThoughts">Whether thoughts are left out.</param>
/// <param name="output">Receives the parts.</param>
internal ref struct GeminiPartCopier(IReadOnlyList<ContentPart> read, bool hidesThoughts, IBufferWriter<byte> output)
{
    private int calls;
    private bool hasParts;
    private bool isTextOpen;
    private bool isThoughtOpen;

    /// <summary>Copies a part.</summary>
    public void Copy(JsonElement part)
    {
        var signature = GeminiThought.OrNull(part.GetText("thoughtSignature"u8));
        if (part.IsTrue("thought"u8)) CopyThought(part, signature);
        else if (part.TryGetObject("functionCall"u8, out _))
        {
            End(null);
            Next();
            var call = Call(calls++);
            GeminiAnswerLayout.WriteCall(call.Id, call.Name, call.Arguments, GeminiThought.OrNull(call.Signature), output);
        }
        else if (part.GetText("text"u8) is not null) CopyText(Raw(part), signature);
        else if (GeminiUncarried.IsPart(part) || part.TryGetProperty("inlineData"u8, out _) || part.TryGetProperty("executableCode"u8, out _)
            || part.TryGetProperty("codeExecutionResult"u8, out _))
        {
            End(null);
            Next();
            JsonBytes.Write(part, output);
        }
        else if (signature is not null) CopyText([], signature);
    }

    /// <summary>Ends the text or thought that is open, if one is.</summary>
    public void End(string? signature)
    {
        if (!isTextOpen && !isThoughtOpen) return;
        output.Write(isThoughtOpen ? "\",\"thought\":true"u8 : "\""u8);
        if (signature is not null)
        {
            output.Write(",\"thoughtSignature\":"u8);
            ((JsonText)signature).WriteValue(output);
        }
        output.Write("}"u8);
        isTextOpen = isThoughtOpen = false;
    }

    private void CopyText(ReadOnlySpan<byte> raw, string? signature)
    {
        if (raw.IsEmpty && signature is null) return;
        if (!isTextOpen)
        {
            End(null);
            Next();
            output.Write("{\"text\":\""u8);
            isTextOpen = true;
        }
        JsonStrings.WriteRaw(raw, output);
        if (signature is not null) End(signature);
    }

    private void CopyThought(JsonElement part, string? signature)
    {
        // A picture may be a thought too: a draft.
        if (part.GetText("text"u8) is null) return;
        var raw = Raw(part);
        if (raw.IsEmpty && signature is null) return;
        // Two texts with a thought between them are two, whether it is shown or not.
        if (isTextOpen) End(null);
        if (hidesThoughts) raw = [];
        if (raw.IsEmpty && signature is null) return;
        if (!isThoughtOpen)
        {
            End(null);
            Next();
            output.Write("{\"text\":\""u8);
            isThoughtOpen = true;
        }
        JsonStrings.WriteRaw(raw, output);
        if (signature is not null) End(signature);
    }

    private readonly ToolCallPart Call(int number)
    {
        foreach (var call in read.Of<ToolCallPart>())
            if (number-- == 0) return call;
        throw new InvalidOperationException("A call was not read.");
    }

    private void Next()
    {
        if (hasParts) output.Write(","u8);
        hasParts = true;
    }

    private static ReadOnlySpan<byte> Raw(JsonElement part) => JsonMarshal.GetRawUtf8Value(part.GetProperty("text"u8))[1..^1];
}

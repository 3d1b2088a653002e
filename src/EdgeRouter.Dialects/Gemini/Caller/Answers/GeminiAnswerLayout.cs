using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Gemini.Caller.Answers;

/// <summary>What an answer looks like, whole or a piece of a stream: they are the same object.</summary>
internal static class GeminiAnswerLayout
{
    /// <summary>The member of a candidate with the pages that it cites.</summary>
    public const string Grounding = "groundingMetadata";

    /// <summary>Opens an answer up to its candidates.</summary>
    public static void Open(IBufferWriter<byte> output) => output.Write("{\"candidates\":["u8);

    /// <summary>Opens a candidate up to its parts.</summary>
    public static void OpenCandidate(IBufferWriter<byte> output) => output.Write("{\"content\":{\"parts\":["u8);

    /// <summary>Ends the parts and tells why the candidate ended; null: it has not. The candidate stays open for further members.</summary>
    public static void CloseParts(int index, string? reason, IBufferWriter<byte> output)
    {
        output.Write("],\"role\":\"model\"}"u8);
        if (reason is not null)
        {
            output.Write(",\"finishReason\":\""u8);
            ((JsonText)reason).WriteContent(output);
            output.Write("\""u8);
        }
        output.Write(",\"index\":"u8);
        JsonBytes.Write(index, output);
    }

    /// <summary>Ends the candidates, and the answer but for its last brace.</summary>
    public static void CloseCandidates(AnswerHeader header, IBufferWriter<byte> output)
    {
        output.Write("],\"modelVersion\":"u8);
        ((JsonText)header.Model).WriteValue(output);
        output.Write(",\"responseId\":"u8);
        ((JsonText)header.GenerationId).WriteValue(output);
        output.Write(",\"provider\":"u8);
        ((JsonText)header.ProviderName).WriteValue(output);
    }

    /// <summary>A text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="signature">Google's signature over it; null: none.</param>
    /// <param name="output">Receives it.</param>
    public static void WriteText(JsonText text, JsonText signature, IBufferWriter<byte> output)
    {
        output.Write("{\"text\":"u8);
        text.WriteValue(output);
        End(signature, output);
    }

    /// <summary>A thought.</summary>
    public static void WriteThought(JsonText text, JsonText signature, IBufferWriter<byte> output)
    {
        output.Write("{\"text\":"u8);
        text.WriteValue(output);
        output.Write(",\"thought\":true"u8);
        End(signature, output);
    }

    /// <summary>A call of a function, whole.</summary>
    public static void WriteCall(string id, string name, string arguments, string? signature, IBufferWriter<byte> output)
    {
        output.Write("{\"functionCall\":{\"id\":"u8);
        ((JsonText)id).WriteValue(output);
        output.Write(",\"name\":"u8);
        ((JsonText)name).WriteValue(output);
        output.Write(",\"args\":"u8);
        WriteArguments(arguments, output);
        output.Write("}"u8);
        End(signature, output);
    }

    /// <summary>A picture that the model made: its data, or where it is.</summary>
    public static void WriteImage(string url, string? signature, IBufferWriter<byte> output)
    {
        const string Base64 = ";base64,";
        var data = url.IndexOf(Base64, StringComparison.OrdinalIgnoreCase);
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && data > 0)
        {
            WriteData(url["data:".Length..data], url[(data + Base64.Length)..], signature, output);
            return;
        }
        output.Write("{\"fileData\":{\"fileUri\":"u8);
        ((JsonText)url).WriteValue(output);
        output.Write("}"u8);
        End(signature, output);
    }

    /// <summary>Whether <see cref="WriteExtension"/> writes something.</summary>
    public static bool IsPart(string name, JsonElement json) => name switch
    {
        "audio" => json.ValueKind == JsonValueKind.Object && json.TryGetProperty("data"u8, out var data) && data.ValueKind == JsonValueKind.String,
        "executable_code" or "code_execution_result" or "inline_data" => json.ValueKind == JsonValueKind.Array && json.GetArrayLength() > 0,
        _ => false,
    };

    /// <summary>Parts of another kind that Google's provider made (<c>executable_code</c>, ...), or speech, where <see cref="IsPart"/>.</summary>
    public static void WriteExtension(string name, JsonElement json, IBufferWriter<byte> output)
    {
        if (name == "audio")
        {
            // Google always answers with this.
            WriteData("audio/L16;codec=pcm;rate=24000", json.GetProperty("data"u8).GetString()!, null, output);
            return;
        }
        var isFirst = true;
        foreach (var item in json.EnumerateArray())
        {
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            output.Write(name switch
            {
                "executable_code" => "{\"executableCode\":"u8,
                "code_execution_result" => "{\"codeExecutionResult\":"u8,
                _ => "{\"inlineData\":"u8,
            });
            JsonBytes.Write(item, output);
            output.Write("}"u8);
        }
    }

    /// <summary>The pages that the answer cites, as a further member of the candidate.</summary>
    public static void WriteCitations(IReadOnlyList<CitationPart> citations, IBufferWriter<byte> output)
    {
        if (citations.Count == 0) return;
        output.Write(",\"groundingMetadata\":{\"groundingChunks\":["u8);
        for (var i = 0; i < citations.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            output.Write("{\"web\":{\"uri\":"u8);
            ((JsonText)citations[i].Url).WriteValue(output);
            if (citations[i].Title is { } title)
            {
                output.Write(",\"title\":"u8);
                ((JsonText)title).WriteValue(output);
            }
            output.Write("}}"u8);
        }
        output.Write("]}"u8);
    }

    private static void WriteData(string mediaType, string base64, string? signature, IBufferWriter<byte> output)
    {
        output.Write("{\"inlineData\":{\"mimeType\":"u8);
        ((JsonText)mediaType).WriteValue(output);
        output.Write(",\"data\":"u8);
        ((JsonText)base64).WriteValue(output);
        output.Write("}"u8);
        End(signature, output);
    }

    // The API has objects only: what is none is kept under a name that says so.
    private static void WriteArguments(string arguments, IBufferWriter<byte> output)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            output.Write("{}"u8);
            return;
        }
        try
        {
            var args = JsonElement.Parse(arguments);
            if (args.ValueKind == JsonValueKind.Object)
            {
                JsonBytes.Write(args, output);
                return;
            }
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // not JSON, or (the latter) not valid UTF-16
        }
        output.Write("{\"INVALID_JSON\":"u8);
        ((JsonText)arguments).WriteValue(output);
        output.Write("}"u8);
    }

    private static void End(JsonText signature, IBufferWriter<byte> output)
    {
        if (!signature.IsNull)
        {
            output.Write(",\"thoughtSignature\":"u8);
            signature.WriteValue(output);
        }
        output.Write("}"u8);
    }
}

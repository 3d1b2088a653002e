using System.Buffers;
using System.Text.Json;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>Kind of <see cref="ResponsesText"/>.</summary>
internal enum ResponsesTextKind : byte
{
    /// <summary><c>output_text</c> of a message.</summary>
    Output,

    /// <summary><c>refusal</c> of a message.</summary>
    Refusal,

    /// <summary><c>reasoning_text</c> of a reasoning item.</summary>
    Reasoning,

    /// <summary><c>summary_text</c> of a reasoning item.</summary>
    Summary,
}

/// <summary>A text in the content of an item, as far as it has come. It is kept as the content of a JSON string, since it is written more than once.</summary>
/// <param name="kind">What it is.</param>
/// <param name="index">Its index in the content, or in the summary.</param>
internal sealed class ResponsesText(ResponsesTextKind kind, int index)
{
    private readonly ArrayBufferWriter<byte> text = new();
    private readonly List<ResponsesAnnotation> citations = [];
    private readonly List<JsonElement> logprobs = [];

    /// <summary>What it is.</summary>
    public ResponsesTextKind Kind => kind;

    /// <summary>Its index in the content, or in the summary.</summary>
    public int Index => index;

    /// <summary>The text so far, as the content of a JSON string.</summary>
    public ReadOnlySpan<byte> Text => text.WrittenSpan;

    /// <summary>Citations so far.</summary>
    public int CitationCount => citations.Count;

    /// <summary>Adds a piece of the text, and returns its bytes.</summary>
    public ReadOnlySpan<byte> Add(string piece)
    {
        var start = text.WrittenCount;
        JsonStrings.Write(piece, text);
        return text.WrittenSpan[start..];
    }

    /// <summary>Adds a citation.</summary>
    public void Add(ResponsesAnnotation citation) => citations.Add(citation);

    /// <summary>Adds log probabilities, a list of tokens in OpenAI's shape.</summary>
    public void AddLogprobs(JsonElement tokens) => logprobs.Add(tokens);

    /// <summary>Writes the part as it is now.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        output.Write(kind switch
        {
            ResponsesTextKind.Output => "{\"type\":\"output_text\",\"text\":\""u8,
            ResponsesTextKind.Refusal => "{\"type\":\"refusal\",\"refusal\":\""u8,
            ResponsesTextKind.Reasoning => "{\"type\":\"reasoning_text\",\"text\":\""u8,
            _ => "{\"type\":\"summary_text\",\"text\":\""u8,
        });
        output.Write(Text);
        output.Write("\""u8);
        if (kind == ResponsesTextKind.Output)
        {
            output.Write(",\"annotations\":["u8);
            for (var i = 0; i < citations.Count; i++)
            {
                if (i > 0) output.Write(","u8);
                citations[i].Write(output);
            }
            output.Write("],\"logprobs\":"u8);
            WriteLogprobs(output);
        }
        output.Write("}"u8);
    }

    /// <summary>Writes the list of log probabilities so far.</summary>
    public void WriteLogprobs(IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var isFirst = true;
        foreach (var tokens in logprobs) WriteTokens(tokens, ref isFirst, output);
        output.Write("]"u8);
    }

    /// <summary>Writes the list of log probabilities of one piece; null: it has none.</summary>
    public static void WriteLogprobs(JsonElement? tokens, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        var isFirst = true;
        if (tokens is { } given) WriteTokens(given, ref isFirst, output);
        output.Write("]"u8);
    }

    private static void WriteTokens(JsonElement tokens, ref bool isFirst, IBufferWriter<byte> output)
    {
        foreach (var token in tokens.EnumerateArray())
        {
            if (!isFirst) output.Write(","u8);
            isFirst = false;
            JsonBytes.Write(token, output);
        }
    }
}

using System.Text.Json;
using System.Text.Unicode;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.Wire;

/// <summary>Reads an answer of OpenAI's embeddings. Unknown members are skipped. Not thread-safe.</summary>
internal ref struct EmbeddingsAnswerReader
{
    private readonly ReadOnlyMemory<byte> body;
    private readonly List<(int? Index, EmbeddingVector Vector)> items = [];
    private Utf8JsonReader reader;
    private TokenUsage? usage;
    private string? id;
    private UpstreamError? error;

    private EmbeddingsAnswerReader(ReadOnlyMemory<byte> body)
    {
        this.body = body;
        reader = new Utf8JsonReader(body.Span);
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="UpstreamFormatException">It is none, or its vectors do not belong to the inputs one by one.</exception>
    public static EmbeddingAnswer Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) throw new UpstreamFormatException("The answer is not UTF-8.");
        try
        {
            var answer = new EmbeddingsAnswerReader(body);
            answer.ReadMembers();
            return new EmbeddingAnswer(answer.InOrder()) { Usage = answer.usage, UpstreamId = answer.id, Error = answer.error };
        }
        // The latter, where a text holds half of a surrogate pair.
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new UpstreamFormatException("The answer is not JSON.", malformed);
        }
    }

    private void ReadMembers()
    {
        var hasData = false;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("The answer is not a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("data"u8))
            {
                hasData = true;
                ReadItems();
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                usage = EmbeddingsUsageReader.Read(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Null) error = OpenAIChatErrorReader.ReadEvent(body.Span);
                reader.Skip();
            }
            else Skip();
        }
        reader.Read();
        if (!hasData && error is null) throw new UpstreamFormatException("The answer has no data.");
    }

    private void ReadItems()
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) throw new UpstreamFormatException("The data are not an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new UpstreamFormatException("An item of the data is not an object.");
            items.Add(ReadItem());
        }
    }

    private (int? Index, EmbeddingVector Vector) ReadItem()
    {
        int? index = null;
        EmbeddingVector? vector = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("embedding"u8))
            {
                reader.Read();
                vector = EmbeddingVector.Read(ref reader, body);
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var given)) throw WrongIndex();
                index = given;
            }
            else Skip();
        }
        return (index, vector ?? throw new UpstreamFormatException("An item of the data has no embedding."));
    }

    private readonly EmbeddingVector[] InOrder()
    {
        var vectors = new EmbeddingVector[items.Count];
        var isPlaced = new bool[items.Count];
        for (var position = 0; position < items.Count; position++)
        {
            var (index, vector) = items[position];
            var place = index ?? position;
            if ((uint)place >= (uint)vectors.Length || isPlaced[place]) throw WrongIndex();
            (vectors[place], isPlaced[place]) = (vector, true);
        }
        return vectors;
    }

    private void Skip()
    {
        reader.Read();
        reader.Skip();
    }

    private static UpstreamFormatException WrongIndex() => new("The indexes of the embeddings are not those of the inputs.");
}

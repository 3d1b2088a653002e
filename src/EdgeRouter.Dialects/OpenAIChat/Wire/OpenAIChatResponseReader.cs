using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Wire.Events;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Wire;

/// <summary>Reads a whole answer. Its members are those of a chunk, so <see cref="OpenAIChatEventParser"/> reads it and the pieces are joined.</summary>
internal static class OpenAIChatResponseReader
{
    /// <summary>Reads the body.</summary>
    /// <exception cref="UpstreamFormatException">It is not JSON, or holds neither choices nor an error.</exception>
    public static ChatResponse Read(ReadOnlySpan<byte> body, Provider provider)
    {
        var parser = new OpenAIChatEventParser(provider.CachedTokens);
        parser.ParseWhole(body);
        return Join(parser, body);
    }

    /// <summary>Makes the answer of the pieces of a parsed body.</summary>
    /// <exception cref="UpstreamFormatException">There are neither choices nor an error.</exception>
    public static ChatResponse Join(OpenAIChatEventParser parser, ReadOnlySpan<byte> body)
    {
        var parts = new OpenAIChatPartReader(isWhole: true);
        var answer = new ResponseAssembler();
        var events = new List<StreamEvent>();
        foreach (ref readonly var piece in parser.Pieces)
        {
            // The parser has them, since they may stand anywhere.
            if (piece.Kind is OpenAIChatPieceKind.Usage or OpenAIChatPieceKind.Failed) continue;
            events.Clear();
            parts.Read(piece, body, parser, events);
            foreach (var streamEvent in events) answer.Add(streamEvent);
        }
        RequireAnswer(parser, answer.ChoiceCount);
        return answer.ToResponse() with { Usage = parser.Usage, Error = parser.Error };
    }

    /// <summary>Refuses a body that is no answer.</summary>
    /// <exception cref="UpstreamFormatException">There are neither choices nor an error.</exception>
    public static void RequireAnswer(OpenAIChatEventParser parser, int choices)
    {
        if (choices == 0 && parser.Error is null) throw new UpstreamFormatException("choices: expected at least one.");
    }
}

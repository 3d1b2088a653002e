using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using static EdgeRouter.Dialects.OpenAIChat.Wire.Events.OpenAIChatEventJson;

namespace EdgeRouter.Dialects.OpenAIChat.Wire.Events;

/// <summary>What an event reports beside content, at any position: usage and an error. Not thread-safe.</summary>
/// <param name="cachedTokens">Where the provider counts cached tokens.</param>
internal sealed class OpenAIChatEventReports(CachedTokenCounting cachedTokens)
{
    /// <summary>Usage as the last event reported it; null: it reported none.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Error that the last event reported; null: none.</summary>
    public UpstreamError? Error { get; private set; }

    /// <summary>Forgets the last event.</summary>
    public void Clear()
    {
        Usage = null;
        Error = null;
    }

    /// <summary>Reads the value of a usage member.</summary>
    public void ReadUsage(ref Utf8JsonReader reader)
    {
        reader.Read();
        Usage = OpenAIChatUsageReader.Read(ref reader, cachedTokens) ?? Usage;
    }

    /// <summary>Reads the value of an error member. The first error of an event counts.</summary>
    public void ReadError(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        var json = NextValue(ref reader).In(data);
        if (json.SequenceEqual("null"u8) || json.SequenceEqual("\"\""u8) || json.SequenceEqual("{}"u8)) return;
        Fail(json);
    }

    /// <summary>Reads the value of Groq's own member, which holds usage on the last chunk, and errors.</summary>
    public void ReadGroq(ref Utf8JsonReader reader, ReadOnlySpan<byte> data)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8)) ReadUsage(ref reader);
            else if (reader.ValueTextEquals("error"u8)) ReadError(ref reader, data);
            else SkipNext(ref reader);
        }
    }

    /// <summary>Takes an error's JSON or text, unless the event has an error already.</summary>
    public void Fail(ReadOnlySpan<byte> error) => Error ??= OpenAIChatErrorReader.ReadEvent(error);
}

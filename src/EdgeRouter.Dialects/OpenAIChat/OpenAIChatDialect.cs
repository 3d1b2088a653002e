using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.OpenAIChat;

#pragma warning disable CA1822 // instance members, because they implement the two dialect interfaces

/// <summary>OpenAI Chat Completions, as callers and as vendors speak it. This part answers; requests are in the other part. Stateless and thread-safe.</summary>
public sealed partial class OpenAIChatDialect
{
    /// <inheritdoc cref="ICallerDialect.Name"/>
    public string Name => DialectNames.OpenAIChat;

    /// <inheritdoc cref="ICallerDialect.ApiType"/>
    public string ApiType => "chat";

    /// <inheritdoc cref="IUpstreamDialect.Carries"/>
    public RequestParameters Carries { get; } = Enum.GetValues<RequestParameters>().Aggregate((all, one) => all | one);

    /// <inheritdoc cref="IUpstreamDialect.GetPath"/>
    public string GetPath(string upstreamModel, bool stream) => "chat/completions";

    /// <inheritdoc cref="ICallerDialect.WriteResponse"/>
    public void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        OpenAIChatResponseWriter.Write(response, header, usage, output);

    /// <inheritdoc cref="ICallerDialect.CreateStreamWriter"/>
    public ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new OpenAIChatStreamWriter(header);

    /// <inheritdoc cref="ICallerDialect.WriteError"/>
    public void WriteError(RouterError error, IBufferWriter<byte> output) => OpenAIChatErrorWriter.Write(error, output);

    /// <inheritdoc cref="IUpstreamDialect.ReadResponse"/>
    public ChatResponse ReadResponse(ReadOnlyMemory<byte> body, Provider provider) => OpenAIChatResponseReader.Read(body.Span, provider);

    /// <inheritdoc cref="IUpstreamDialect.CreateStreamReader"/>
    public IUpstreamStreamReader CreateStreamReader(Provider provider) => new OpenAIChatStreamReader(provider);

    /// <inheritdoc cref="IUpstreamDialect.ReadError"/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => OpenAIChatErrorReader.Read(status, body.Span);
}

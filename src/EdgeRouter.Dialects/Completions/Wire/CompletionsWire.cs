using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.OpenAIChat.Wire.Reports;
using EdgeRouter.Dialects.Sse;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Completions.Wire;

/// <summary>OpenAI's legacy completions as providers speak them: texts, no conversations. Stateless and thread-safe.</summary>
public sealed class CompletionsWire : IProviderWire
{
    /// <inheritdoc/>
    public string Name => WireNames.OpenAICompletions;

    /// <inheritdoc/>
    public RequestParameters Carries =>
        RequestParameters.MaxTokens | RequestParameters.Temperature | RequestParameters.TopP | RequestParameters.TopK | RequestParameters.MinP
        | RequestParameters.TopA | RequestParameters.FrequencyPenalty | RequestParameters.PresencePenalty | RequestParameters.RepetitionPenalty
        | RequestParameters.Seed | RequestParameters.Stop | RequestParameters.LogitBias | RequestParameters.Logprobs | RequestParameters.ChoiceCount
        | RequestParameters.User | RequestParameters.Unknown;

    /// <inheritdoc/>
    public string? GetPath(Operation operation, string upstreamModel, bool stream) => operation == Operation.Completion ? "completions" : null;

    /// <inheritdoc/>
    public WireTransport Transport => SseFraming.Json;

    /// <inheritdoc/>
    public UpstreamError ReadError(int status, ReadOnlyMemory<byte> body) => OpenAIChatErrorReader.Read(status, body.Span);
}

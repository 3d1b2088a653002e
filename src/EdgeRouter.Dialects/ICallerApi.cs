using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;

namespace EdgeRouter.Dialects;

/// <summary>A wire format as callers speak it: requests in, answers out. Pure: no I/O, no state; thread-safe.</summary>
public interface ICallerApi : IDialect
{
    /// <summary>Name in generation records: chat, responses, messages.</summary>
    string ApiType { get; }

    /// <summary>One validating pass over the body: every known field has the right type and range.</summary>
    /// <exception cref="RouterException">400 naming field (or position, for malformed JSON) and what was expected.</exception>
    RequestFacts Scan(ReadOnlyMemory<byte> body);

    /// <summary>Full parse of a body that <see cref="Scan"/> accepted.</summary>
    ChatRequest ReadRequest(ReadOnlyMemory<byte> body);

    /// <summary>Writes a whole answer.</summary>
    void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output);

    /// <summary>A writer for one stream.</summary>
    ICallerStreamWriter CreateStreamWriter(AnswerHeader header);

    /// <summary>Writes the error body.</summary>
    void WriteError(RouterError error, IBufferWriter<byte> output);
}

/// <summary>Writes one stream to the caller, whole SSE events only. Not thread-safe.</summary>
public interface ICallerStreamWriter
{
    /// <summary>Writes what the event means in this dialect; usage and completion are only noted.</summary>
    void Write(StreamEvent streamEvent, IBufferWriter<byte> output);

    /// <summary>Ends a good stream: final usage, then the terminator.</summary>
    void Complete(UsageReport usage, IBufferWriter<byte> output);

    /// <summary>Ends a broken stream: an in-band error event, usage so far, and no clean terminator.</summary>
    void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output);
}

/// <summary>What stands at the head of every answer.</summary>
/// <param name="GenerationId">The router's id of the answer.</param>
/// <param name="Created">Unix seconds.</param>
/// <param name="Model">Model id that serves.</param>
/// <param name="ProviderName">Display name of the provider.</param>
/// <param name="ExcludeReasoning">Whether reasoning is kept from the caller.</param>
public sealed record AnswerHeader(string GenerationId, long Created, string Model, string ProviderName, bool ExcludeReasoning);

/// <summary>What the caller is told at the end of an answer: usage with its price.</summary>
/// <param name="Usage">Tokens.</param>
/// <param name="Cost">Total; null: not priced.</param>
/// <param name="PromptCost">Part for input.</param>
/// <param name="CompletionCost">Part for output.</param>
public sealed record UsageReport(TokenUsage Usage, NanoDollars? Cost, NanoDollars PromptCost, NanoDollars CompletionCost)
{
    /// <summary><c>openrouter_metadata</c>, which goes out with the usage; null: the caller did not ask for it.</summary>
    public JsonObject? RouterMetadata { get; init; }

    /// <summary>Nothing is known.</summary>
    public static readonly UsageReport Unknown = new(default, null, default, default);
}

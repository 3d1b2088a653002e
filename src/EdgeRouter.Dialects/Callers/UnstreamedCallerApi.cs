using System.Buffers;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Callers;

/// <summary>A caller API of JSON whose answers are never streamed: <see cref="ICallerApi.Read"/> refuses a request for a stream.</summary>
public abstract class UnstreamedCallerApi : JsonCallerApi
{
    private const string NoStreams = "This API has no streams.";

    /// <inheritdoc/>
    public sealed override string StreamMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public sealed override bool StreamsCarryErrors => false;

    /// <inheritdoc/>
    public sealed override ReadOnlySpan<byte> KeepAlive => [];

    /// <inheritdoc/>
    public sealed override void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        throw new NotSupportedException(NoStreams);

    /// <inheritdoc/>
    public sealed override void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output) =>
        throw new NotSupportedException(NoStreams);
}

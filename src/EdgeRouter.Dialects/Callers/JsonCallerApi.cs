using System.Buffers;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Sse;

namespace EdgeRouter.Dialects.Callers;

/// <summary>A caller API of JSON requests, JSON answers and streams of server-sent events that carry errors: what such APIs have in common.</summary>
public abstract class JsonCallerApi : ICallerApi
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<string> Paths { get; }

    /// <inheritdoc/>
    public virtual string? KeyParameter => null;

    /// <inheritdoc/>
    public virtual ICallerApi FormFor(IRequestHead head) => this;

    /// <inheritdoc/>
    public virtual Operation Operation => Operation.Chat;

    /// <inheritdoc/>
    public string RequestMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public string AnswerMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public virtual string StreamMediaType => SseWriter.MediaType;

    /// <inheritdoc/>
    public string ErrorMediaType => JsonMediaType.Name;

    /// <inheritdoc/>
    public virtual bool StreamsCarryErrors => true;

    /// <inheritdoc/>
    public virtual ReadOnlySpan<byte> KeepAlive => SseWriter.Processing;

    /// <inheritdoc/>
    public virtual IModelListing? ModelListing => null;

    /// <inheritdoc/>
    public virtual ITokenCounting? TokenCounting => null;

    /// <inheritdoc/>
    public bool Reads(string? contentType) => JsonMediaType.Matches(contentType);

    /// <inheritdoc/>
    public virtual string FieldOf(RequestFault fault) => RouterRequestMembers.FieldOf(fault);

    /// <inheritdoc/>
    public abstract CallerRequest Read(IRequestHead head, ReadOnlyMemory<byte> body);

    /// <inheritdoc/>
    public abstract void WriteError(RouterError error, JsonObject? routerMetadata, IBufferWriter<byte> output);

    /// <inheritdoc/>
    public abstract void WriteStreamError(RouterError error, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output);

    /// <inheritdoc/>
    public abstract void WriteUpstreamBody(AnswerHeader header, ReadOnlyMemory<byte> body, IBufferWriter<byte> output);
}

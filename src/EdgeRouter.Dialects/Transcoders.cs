using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Dialects;

/// <summary>
/// Chooses how an answer gets from a provider's dialect to the caller's: patched when they are the same, through the canonical form otherwise.
/// </summary>
public static class Transcoders
{
    /// <summary>For one stream.</summary>
    public static IStreamTranscoder ForStream(ICallerApi caller, IProviderWire upstream, AnswerHeader header, Provider provider) =>
        caller is IPassThroughDialect passThrough && passThrough.Name == upstream.Name
            ? passThrough.CreateStreamPatcher(header, provider)
            : new CanonicalStreamTranscoder(upstream.CreateStreamReader(provider), caller.CreateStreamWriter(header));

    /// <summary>For a stream that goes on with what another provider began.</summary>
    public static IStreamTranscoder ForContinuation(ICallerApi caller, IProviderWire upstream, AnswerHeader header, Provider provider, TextSeam seam) =>
        new ContinuedStreamTranscoder(upstream.CreateStreamReader(provider), caller.CreateStreamWriter(header), seam);

    /// <summary>For one whole answer.</summary>
    public static IResponseTranscoder ForResponse(ICallerApi caller, IProviderWire upstream, AnswerHeader header, Provider provider) =>
        caller is IPassThroughDialect passThrough && passThrough.Name == upstream.Name
            ? passThrough.CreateResponsePatcher(header, provider)
            : new CanonicalResponseTranscoder(upstream, provider, caller, header);
}

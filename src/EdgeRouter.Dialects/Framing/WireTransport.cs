namespace EdgeRouter.Dialects.Framing;

/// <summary>How a request and its answer travel between the router and a provider. Immutable.</summary>
/// <param name="RequestMediaType">Content type of the request's body, parameters included: a multipart body has its boundary in it.</param>
/// <param name="AnswerMediaType">Media type that is asked for when the answer is not streamed.</param>
/// <param name="Framing">How a streamed answer is framed.</param>
public sealed record WireTransport(string RequestMediaType, string AnswerMediaType, IStreamFraming Framing);

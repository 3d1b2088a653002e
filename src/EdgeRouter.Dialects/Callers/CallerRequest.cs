using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Callers;

/// <summary>
/// A request that a caller API has read. The gateway sees its facts and the exchanges that it makes, never its content. Its exchanges may be made from
/// several threads at once, since attempts overlap.
/// </summary>
/// <param name="facts">What routing needs to know.</param>
/// <param name="bodyBytes">Bytes of the body.</param>
public abstract class CallerRequest(RequestFacts facts, int bodyBytes)
{
    /// <summary>What routing needs to know.</summary>
    public RequestFacts Facts { get; } = facts;

    /// <summary>Bytes of the body: a bound on what an attempt sends.</summary>
    public int BodyBytes { get; } = bodyBytes;

    /// <summary>Remembers what providers signed, so that turns whose signatures the client lost get them back; null: nothing is remembered.</summary>
    public SignatureMemory? Signatures { get; set; }

    /// <summary>What a model reads of it as tokens, text by text; null: it has no texts.</summary>
    public virtual IEnumerable<string>? Texts => null;

    /// <summary>Whether another endpoint could continue the answer after a stream has broken off.</summary>
    public virtual bool CanBeContinued => false;

    /// <summary>The exchange with an endpoint.</summary>
    /// <param name="wire">The endpoint's wire format.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <exception cref="Core.Errors.RouterException">400: the request cannot be expressed in this wire format; the error names the member.</exception>
    public abstract IExchange CreateExchange(IProviderWire wire, Endpoint endpoint);

    /// <summary>Whether an endpoint of a wire could continue the answer. Only where <see cref="CanBeContinued"/>.</summary>
    public virtual bool CanBeContinuedOn(IProviderWire wire) => false;

    /// <summary>The exchange that asks an endpoint to continue a broken answer. Only where <see cref="CanBeContinuedOn"/>.</summary>
    /// <param name="point">Where the answer broke off.</param>
    /// <param name="wire">The endpoint's wire format.</param>
    /// <param name="endpoint">The endpoint, which can continue an assistant's turn.</param>
    public virtual IExchange CreateContinuation(ResumePoint point, IProviderWire wire, Endpoint endpoint) =>
        throw new InvalidOperationException("Answers of this operation cannot be continued.");

    /// <summary>
    /// Releases everything that is only needed to make exchanges, including the body's memory. Afterwards only the facts that records need may be
    /// read.
    /// </summary>
    public virtual void Forget() => Facts.ForgetLayout();
}

namespace EdgeRouter.Core.Governance.Audit;

/// <summary>One administrative action, or something that an operator must look at. Immutable; holds no secret.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Hash of the management key that requested it; <see cref="Router"/>: the router raised it.</param>
/// <param name="Action">What was done, such as <c>endpoint.waits.cleared</c>.</param>
/// <param name="Target">Its object: an endpoint id, the hash of a key, a generation id.</param>
public sealed record AuditEvent(DateTimeOffset At, string Actor, string Action, string Target)
{
    /// <summary>The actor of events that the router raises itself.</summary>
    public const string Router = "router";

    /// <summary>Further details by name: amounts, reasons, the state before. At most 4,000 characters together.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Core.Routing;

/// <summary>Why the candidates stand as they do. Built only when asked for. Not thread-safe while it is being built.</summary>
public sealed class RouteExplanation
{
    private readonly Dictionary<string, (double Score, string Unit, string Reason)> notes = new(StringComparer.Ordinal);
    private List<CandidateExplanation> candidates = [];

    /// <summary>The candidates in the order of the plan.</summary>
    public IReadOnlyList<CandidateExplanation> Candidates => candidates;

    /// <summary>What an ordering says of an endpoint. The later note stands.</summary>
    /// <param name="endpoint">Of whom.</param>
    /// <param name="score">Lower is better.</param>
    /// <param name="unit">What the score counts, for example <c>usd</c>.</param>
    /// <param name="reason">For people.</param>
    public void Note(Endpoint endpoint, double score, string unit, string reason) => notes[endpoint.Id] = (score, unit, reason);

    /// <summary>Adds to what was said of an endpoint.</summary>
    public void Add(Endpoint endpoint, string reason) =>
        notes[endpoint.Id] = notes.TryGetValue(endpoint.Id, out var note) ? note with { Reason = $"{note.Reason}; {reason}" } : (double.NaN, "", reason);

    /// <summary>Takes the final order.</summary>
    internal void Complete(ReadOnlySpan<Endpoint> order, in OrderingContext context)
    {
        candidates = new List<CandidateExplanation>(order.Length);
        foreach (var endpoint in order)
        {
            var (score, unit, reason) = notes.GetValueOrDefault(endpoint.Id, (double.NaN, "", "in catalog order"));
            candidates.Add(new CandidateExplanation(endpoint, double.IsFinite(score) ? score : null, unit, reason, context.Cost(endpoint),
                context.Health.Read(endpoint)));
        }
    }
}

/// <summary>Why one candidate stands where it does.</summary>
/// <param name="Endpoint">The candidate.</param>
/// <param name="Score">What the ordering ranked it by, lower is better; null: it did not rank by a number.</param>
/// <param name="Unit">What the score counts.</param>
/// <param name="Reason">For people.</param>
/// <param name="ExpectedCost">Expected USD of the request there.</param>
/// <param name="Health">Its figures at that moment. Times are NaN where nobody has seen an answer.</param>
public sealed record CandidateExplanation(Endpoint Endpoint, double? Score, string Unit, string Reason, double ExpectedCost, HealthFigures Health);

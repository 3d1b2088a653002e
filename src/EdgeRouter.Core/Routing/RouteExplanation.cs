using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;

namespace EdgeRouter.Core.Routing;

/// <summary>The reasons for the order of the candidates. Built only when asked for. Not thread-safe while it is being built.</summary>
public sealed class RouteExplanation
{
    private readonly Dictionary<string, (double Score, string Unit, string Reason)> notes = new(StringComparer.Ordinal);
    private List<CandidateExplanation> candidates = [];

    /// <summary>The candidates in the order of the plan.</summary>
    public IReadOnlyList<CandidateExplanation> Candidates => candidates;

    /// <summary>Sets an ordering's score and reason for an endpoint. A later note replaces it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="score">Lower is better.</param>
    /// <param name="unit">What the score counts, for example <c>usd</c>.</param>
    /// <param name="reason">The reason, as text.</param>
    public void Note(Endpoint endpoint, double score, string unit, string reason) => notes[endpoint.Id] = (score, unit, reason);

    /// <summary>Adds a reason for an endpoint.</summary>
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

/// <summary>The reason for one candidate's position.</summary>
/// <param name="Endpoint">The candidate.</param>
/// <param name="Score">The ordering's score, lower is better; null: none.</param>
/// <param name="Unit">What the score counts.</param>
/// <param name="Reason">The reason, as text.</param>
/// <param name="ExpectedCost">Expected USD of the request there.</param>
/// <param name="Health">Its figures at that moment. Times without a sample are NaN.</param>
public sealed record CandidateExplanation(Endpoint Endpoint, double? Score, string Unit, string Reason, double ExpectedCost, HealthFigures Health);

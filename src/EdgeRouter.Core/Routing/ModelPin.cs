using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Core.Routing.Resolution;

namespace EdgeRouter.Core.Routing;

/// <summary>
/// Keeps a request at one model: in the middle of a tool loop another model would have to finish work that it did not start, and reasoning that one
/// provider signed is refused by the others. Stateless.
/// </summary>
internal static class ModelPin
{
    /// <summary>Whether the request must keep its model.</summary>
    public static bool Holds(RequestFacts request) => request.InToolLoop || request.HasSignedReasoning;

    /// <summary>Puts the model first that is known to have answered the conversation before, which may be one of the fallbacks.</summary>
    public static void PutServingFirst(List<ResolvedModel> models, RequestFacts request, PromptAffinity? affinity)
    {
        if (affinity is null) return;
        for (var i = 0; i < models.Count; i++)
        {
            if (affinity.Find(ConversationKey.Of(request, models[i].Model)).EndpointId is null) continue;
            var serving = models[i];
            models.RemoveAt(i);
            models.Insert(0, serving);
            return;
        }
    }

    /// <summary>Excludes a model's endpoints.</summary>
    public static void Exclude(in ResolvedModel resolved, RequestFacts request, PlanScratch plan)
    {
        var why = request.InToolLoop ? "the conversation is in a tool loop with another model" : "the messages contain reasoning that another model signed";
        foreach (var endpoint in resolved.Model.Endpoints) plan.Exclusions.Add(new Exclusion(endpoint, ExclusionReason.OtherModel, why));
    }
}

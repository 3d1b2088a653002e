using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Core.Routing.Resolution;

/// <summary>The errors about names that lead to no model.</summary>
internal static class UnknownModelError
{
    private const int MaxEchoedLength = 200;
    private const int MaxListed = 10;

    /// <summary>400: there is no such model.</summary>
    public static RouterError NotFound(RequestFault fault, string name, IReadOnlyList<string> suggestions)
    {
        var meant = suggestions.Count == 0 ? ";" : $"; did you mean {Join(suggestions, "or")}?";
        return RouterError.InvalidFact(fault, $"'{Shown(name)}' is not a model of this router{meant} GET /api/v1/models lists them") with
        {
            Details = new UnknownModel(Shown(name)) { Candidates = suggestions },
        };
    }

    /// <summary>400: several models can be meant.</summary>
    public static RouterError Ambiguous(RequestFault fault, string name, IReadOnlyList<string> candidates)
    {
        var listed = candidates.Count <= MaxListed ? candidates : [.. candidates.Take(MaxListed)];
        var more = candidates.Count > listed.Count ? $", and {candidates.Count - listed.Count} more" : "";
        return RouterError.InvalidFact(fault, $"'{Shown(name)}' can be several models; expected one of {string.Join(", ", listed)}{more}") with
        {
            Details = new UnknownModel(Shown(name)) { Candidates = listed },
        };
    }

    /// <summary>404: the model exists, and no provider of it serves here.</summary>
    public static RouterError NotServed(RequestFault fault, UnservedModel model)
    {
        var reason = model.Settings.Count == 0 ? "no provider of it serves on this router"
            : $"no provider of it has a credential: set {Join(model.Settings, "or")}";
        return new RouterError(404, ErrorTypes.NotFound, $"{model.Id} is in the catalog, but {reason}")
        {
            Fault = fault,
            Details = new UnservedModelAsked(model.Id),
        };
    }

    private static string Shown(string name) => name.Length <= MaxEchoedLength ? name : name[..MaxEchoedLength] + "...";

    private static string Join(IReadOnlyList<string> texts, string last) =>
        texts.Count == 1 ? texts[0] : $"{string.Join(", ", texts.Take(texts.Count - 1))} {last} {texts[^1]}";
}

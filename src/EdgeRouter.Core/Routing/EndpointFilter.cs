using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing.Resolution;

namespace EdgeRouter.Core.Routing;

/// <summary>The hard filters: whether one endpoint may serve a request, and if not, why. Stateless.</summary>
internal static class EndpointFilter
{
    /// <summary>Null: the endpoint may serve.</summary>
    public static Exclusion? Check(Endpoint endpoint, RequestFacts request, RoutingPolicy policy, in ResolvedModel resolved, in TierAdmission tiers)
    {
        var wishes = request.Preferences;
        if (!policy.HasPath(endpoint, request.Operation))
            return Out(ExclusionReason.Operation, $"its wire format has no path for the operation {request.Operation.Name}");
        if (request.RequiredWire is { } wire && endpoint.Provider.Wire != wire)
            return Out(ExclusionReason.Parameter, $"{request.RequiredFor} passes only to providers that speak {wire}");
        if (endpoint.Pricing is null && policy.CeilingPrice is null)
            return Out(ExclusionReason.NoPrice, "the catalog has no price for it; set a price in a catalog file or EdgeRouter__Routing__CeilingPrice");
        if (wishes.Only is { Count: > 0 } && ProviderSelector.IndexOf(wishes.Only, endpoint) < 0) return Out(ExclusionReason.NotInOnly, "not in provider.only");
        if (ProviderSelector.IndexOf(wishes.Ignore, endpoint) >= 0) return Out(ExclusionReason.Ignored, "in provider.ignore");
        if (CheckTier(endpoint, wishes, tiers) is { } tier) return Out(ExclusionReason.ServiceTier, tier);
        if (resolved.FreeOnly && endpoint.Pricing?.IsFree != true) return Out(ExclusionReason.NotFree, "has a price, and the request asks for ':free'");
        if (LeavesRegion(endpoint, policy.DataRegions) || LeavesRegion(endpoint, request.DataRegions))
            return Out(ExclusionReason.Region,
                endpoint.Regions.Count == 0
                ? "its region is not known, and the data must stay in certain regions" : "runs outside the regions in which the data must stay");
        if (wishes.DenyDataCollection && (endpoint.DataPolicy.Training != false || endpoint.DataPolicy.RetainsPrompts != false))
            return Out(ExclusionReason.DataCollection, "may store or train on prompts");
        if (wishes.ZeroDataRetention == true && !endpoint.DataPolicy.IsZeroDataRetention)
            return Out(ExclusionReason.DataRetention, "zero data retention is not confirmed");
        if (wishes.EnforceDistillableText == true && endpoint.Model.Distillable != true)
            return Out(ExclusionReason.NotDistillable, "the author does not permit distillation");
        if (wishes.Quantizations is { Count: > 0 } permitted && !Permits(permitted, endpoint.Quantization))
            return Out(ExclusionReason.Quantization, $"quantization is {endpoint.Quantization}");
        if (wishes.MaxPrice is { } ceiling && OverPrice(ceiling, endpoint.Pricing ?? policy.CeilingPrice!) is { } component)
            return Out(ExclusionReason.MaxPrice, $"{component} price is above provider.max_price.{component}");
        if (MissingModality(endpoint.Model, request) is { } modality) return Out(ExclusionReason.Modality, $"the model does not support {modality}");
        if (wishes.RequireParameters == true)
        {
            var missing = request.Parameters & ~policy.Supported(endpoint);
            if (!ServiceTiers.IsServedAt(endpoint, request.ServiceTier)) missing |= RequestParameters.ServiceTier;
            if (missing != RequestParameters.None)
                return Out(ExclusionReason.Parameter, $"does not support {string.Join(", ", RequestParameterNames.ToNames(missing))}");
        }
        return request.Operation.Misfit(endpoint, request) is { } misfit ? Out(misfit.Reason, misfit.Detail) : null;

        Exclusion Out(ExclusionReason reason, string detail) => new(endpoint, reason, detail);
    }

    private static string? CheckTier(Endpoint endpoint, ProviderPreferences wishes, in TierAdmission tiers)
    {
        var tier = ServiceTiers.Of(endpoint);
        if (tiers.OnlyFlex) return tier == ServiceTiers.Flex ? null : "the request asks for the flex tier only";
        if (tiers.Admits(tier) || ProviderSelector.IndexOf(wishes.Order, endpoint) >= 0 || ProviderSelector.IndexOf(wishes.Only, endpoint) >= 0) return null;
        return $"a {tier} endpoint serves only when requested: by service_tier, or by its tag in provider.order or provider.only";
    }

    private static bool LeavesRegion(Endpoint endpoint, IReadOnlyList<string>? permitted)
    {
        if (permitted is null) return false;
        for (var i = 0; i < endpoint.Regions.Count; i++)
            if (!permitted.Contains(endpoint.Regions[i], StringComparer.OrdinalIgnoreCase)) return true;
        return endpoint.Regions.Count == 0;
    }

    private static bool Permits(IReadOnlyList<string> permitted, string quantization)
    {
        foreach (var entry in permitted)
        {
            if (entry == quantization) return true;
            if (entry == "fp4" && quantization is "mxfp4" or "nvfp4") return true;
            if (entry == "fp8" && quantization == "mxfp8") return true;
        }
        return false;
    }

    private static string? OverPrice(MaxPrice ceiling, Pricing price)
    {
        const decimal Million = 1_000_000m;
        if (ceiling.Prompt is { } prompt && price.Prompt * Million > prompt) return "prompt";
        if (ceiling.Completion is { } completion && price.Completion * Million > completion) return "completion";
        if (ceiling.Image is { } image && (price.Image ?? 0) > image) return "image";
        if (ceiling.Audio is { } audio && (price.Audio ?? 0) > audio) return "audio";
        if (ceiling.Request is { } perRequest && (price.Request ?? 0) > perRequest) return "request";
        return null;
    }

    private static string? MissingModality(Model model, RequestFacts request)
    {
        var needed = request.Modalities;
        if ((needed & InputModalities.Image) != 0 && !model.InputModalities.Contains("image")) return "image input";
        if ((needed & InputModalities.File) != 0 && !model.InputModalities.Contains("file")) return "file input";
        if ((needed & InputModalities.Audio) != 0 && !model.InputModalities.Contains("audio")) return "audio input";
        if ((needed & InputModalities.Video) != 0 && !model.InputModalities.Contains("video")) return "video input";
        return request.Operation.MissingOutput(model, request);
    }
}

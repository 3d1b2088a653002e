using EdgeRouter.Core.Routing;

namespace EdgeRouter.Dialects.Errors;

/// <summary>Reasons of exclusions as OpenRouter's API names them.</summary>
internal static class ExclusionNames
{
    /// <summary>The name of a reason.</summary>
    public static string Of(ExclusionReason reason) => reason switch
    {
        ExclusionReason.NotInOnly or ExclusionReason.Ignored or ExclusionReason.FallbacksNotAllowed => "allowed_providers",
        ExclusionReason.Parameter => "require_parameters",
        ExclusionReason.Operation => "operation",
        ExclusionReason.DataCollection => "data_policy:training",
        ExclusionReason.DataRetention => "data_policy:zdr",
        ExclusionReason.NotDistillable => "distillable_text",
        ExclusionReason.Quantization => "quantization",
        ExclusionReason.MaxPrice => "max_price",
        ExclusionReason.ContextLength => "context_length",
        ExclusionReason.RequestSize => "request_size",
        ExclusionReason.Modality => "modality",
        ExclusionReason.NoPrice => "no_price",
        ExclusionReason.ServiceTier => "service_tier",
        ExclusionReason.Region => "data_region",
        ExclusionReason.NotFree => "free_variant",
        ExclusionReason.OtherModel => "model_switch",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}

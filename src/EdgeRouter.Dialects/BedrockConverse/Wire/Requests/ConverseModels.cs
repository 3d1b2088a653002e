using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.BedrockConverse.Wire.Requests;

/// <summary>What depends on the model: each family has members of its own beside those of the wire.</summary>
internal enum ConverseFamily
{
    /// <summary>Its members are not known.</summary>
    Other,

    /// <summary>Those of the Messages API.</summary>
    Claude,

    /// <summary>Amazon's own.</summary>
    Nova,

    /// <summary>OpenAI's open models.</summary>
    GptOss,
}

/// <summary>Finds the family by name. An ARN may not tell it; then the catalog's name of the model does.</summary>
internal static class ConverseModels
{
    public static ConverseFamily FamilyOf(WireTarget target)
    {
        if (Names(target, "claude")) return ConverseFamily.Claude;
        if (Names(target, "nova-")) return ConverseFamily.Nova;
        return Names(target, "gpt-oss") ? ConverseFamily.GptOss : ConverseFamily.Other;
    }

    private static bool Names(WireTarget target, string family) =>
        target.Model.Contains(family, StringComparison.OrdinalIgnoreCase) || target.Endpoint.Model.Id.Contains(family, StringComparison.OrdinalIgnoreCase);
}

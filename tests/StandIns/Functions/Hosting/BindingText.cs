using Microsoft.Extensions.Configuration;

namespace EdgeRouter.StandIns.Functions;

/// <summary>Texts of trigger attributes, in which <c>%name%</c> stands for a setting.</summary>
internal static class BindingText
{
    public static string Resolve(this IConfiguration configuration, string text) =>
        text is ['%', .. var name, '%'] ? configuration[name] ?? throw new InvalidOperationException($"'{text}' does not resolve to a value.") : text;
}

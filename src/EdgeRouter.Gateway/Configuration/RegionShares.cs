using System.Globalization;
using EdgeRouter.Core.Budgets;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// How the limits are split between regions with a ledger of their own and those that share one. Every region gets the same list, so each can check the
/// whole of it.
/// </summary>
internal static class RegionShares
{
    private const string Path = "Budgets:Shares";

    /// <summary>
    /// The part of every limit that the ledger of a region has: its own share, or what the listed regions leave. 1 when no shares are set, or they are faulty.
    /// </summary>
    public static decimal Read(SettingsReader reader, string region)
    {
        reader.Declare(Path + ":<region>", "part of every limit that a region with tables of its own has; the regions that are not listed share the rest. "
            + "Set the same list in every region; see [shares](budgets.md#a-share-for-a-region)", range: "above 0, at most 1, together at most 1");
        var (sum, own) = (0m, (decimal?)null);
        foreach (var child in reader.Children(Path))
        {
            if (child.Value is not { Length: > 0 } text) continue;
            if (!TryParse(text, out var share))
            {
                reader.Fault($"{Path}:{child.Key}", $"expected a number above 0, at most 1, with at most {BudgetLimit.ShareDecimals} decimals");
                return 1;
            }
            sum += share;
            if (string.Equals(child.Key, region, StringComparison.OrdinalIgnoreCase)) own = share;
        }
        if (sum > 1) reader.Fault(Path, string.Create(CultureInfo.InvariantCulture, $"expected shares that sum to at most 1; these sum to {sum}"));
        else if (sum == 1 && own is null) reader.Fault(Path, $"leave nothing for region {region}: expected a share for it, or a sum below 1");
        else return own ?? 1 - sum;
        return 1;
    }

    /// <summary>The regions that have a share of their own.</summary>
    public static IReadOnlyList<string> Regions(SettingsReader reader) =>
        [.. reader.Children(Path).Where(static child => child.Value is { Length: > 0 }).Select(static child => child.Key)];

    private static bool TryParse(string text, out decimal share) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share) && share is > 0 and <= 1
            && decimal.Round(share, BudgetLimit.ShareDecimals) == share;
}

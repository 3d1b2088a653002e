using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>Spending limits, and how instances share them.</summary>
/// <param name="Account">The limit of all keys together; null: none.</param>
/// <param name="Inference">The limit of the bootstrap inference key; null: none.</param>
/// <param name="Management">The limit of the bootstrap management key; null: none.</param>
/// <param name="Options">Options of the leases.</param>
public sealed record BudgetSettings(SpendingLimit? Account, SpendingLimit? Inference, SpendingLimit? Management, BudgetOptions Options)
{
    /// <summary>Member of answers that says that their amounts are this region's share of the limits, and which share; absent where it is the whole.</summary>
    public const string ShareMember = "region_share";

    private const string Refuse = "refuse";
    private const string Serve = "serve";

    /// <summary>No limits.</summary>
    public static readonly BudgetSettings None = new(null, null, null, new BudgetOptions());

    /// <summary>Part of every limit that this instance's ledger has, above 0, at most 1.</summary>
    public decimal Share { get; init; } = 1;

    /// <summary>Regions that have a share of the limits, with a ledger of its own; all others have one together.</summary>
    public IReadOnlyList<string> RegionsWithShare { get; init; } = [];

    /// <summary>Whether two regions spend from the same ledger.</summary>
    public bool HaveSameLedger(string region, string other) => string.Equals(region, other, StringComparison.OrdinalIgnoreCase)
        || (!RegionsWithShare.Contains(region, StringComparer.OrdinalIgnoreCase) && !RegionsWithShare.Contains(other, StringComparer.OrdinalIgnoreCase));

    /// <summary>This ledger's part of the account's limit; null: none.</summary>
    public BudgetLimit? AccountLimit => Account is { } limit ? Part(BudgetLevel.Account, BudgetLimit.WholeAccount, limit) : null;

    /// <summary>A bootstrap key's caller with this ledger's part of its limits.</summary>
    public Caller Bound(Caller caller)
    {
        var limits = new List<BudgetLimit>(2);
        if ((caller.Kind == KeyKind.Management ? Management : Inference) is { } own)
            limits.Add(Part(BudgetLevel.Key, caller.Id, own));
        if (AccountLimit is { } account) limits.Add(account);
        return caller with { Limits = limits };
    }

    internal static BudgetSettings Read(SettingsReader reader, string region) => new(
        SpendingLimit.Read(reader, "Budgets:Account", "all keys together"),
        SpendingLimit.Read(reader, "Budgets:Inference", "the bootstrap inference key"),
        SpendingLimit.Read(reader, "Budgets:Management", "the bootstrap management key"),
        new BudgetOptions
        {
            LeaseShare = reader.Number("Budgets:LeaseShare", 0.1, 0.001, 1,
                "largest share of the remaining budget that one instance may reserve in advance; if it crashes, at most that reservation counts as spent"),
            LeaseLifetime = reader.Seconds("Budgets:LeaseSeconds", 300, 10, 3600,
                "how long an instance serves from its reservation while the ledger cannot be reached"),
            ServeWithoutLedger = reader.Word("Budgets:WithoutLedger", [Refuse, Serve],
                "what happens when the ledger cannot be reached and the reservation is used up or expired: `refuse` requests, "
                + "or `serve` them, count them later and possibly exceed the limit") == Serve,
        })
    {
        Share = RegionShares.Read(reader, region),
        RegionsWithShare = RegionShares.Regions(reader),
    };

    private BudgetLimit Part(BudgetLevel level, string subject, SpendingLimit limit) => new BudgetLimit(level, subject, limit.Amount, limit.Reset).Part(Share);
}

/// <summary>A limit as the operator sets it.</summary>
/// <param name="Amount">The amount.</param>
/// <param name="Reset">Reset period.</param>
public sealed record SpendingLimit(NanoDollars Amount, BudgetReset Reset)
{
    private const decimal MaxAmount = 100_000_000m;

    internal static SpendingLimit? Read(SettingsReader reader, string path, string whose)
    {
        var amount = reader.Price($"{path}:Limit",
            $"largest amount that {whose} may spend in a reset period, in USD; what was spent in it before the limit was set counts too");
        var reset = reader.Text($"{path}:Reset", "reset period, in UTC: `daily`, `weekly` (from Monday) or `monthly`", "never");
        if (amount > MaxAmount) reader.Fault($"{path}:Limit", $"expected at most {MaxAmount}");
        if (reset is not null && amount is null) reader.Fault($"{path}:Reset", "expected a Limit with it");
        if (!TryParse(reset, out var parsed)) reader.Fault($"{path}:Reset", "expected daily, weekly or monthly");
        return amount is { } limit && limit <= MaxAmount ? new SpendingLimit(NanoDollars.FromDollars(limit), parsed) : null;
    }

    private static bool TryParse(string? name, out BudgetReset reset)
    {
        foreach (var candidate in Enum.GetValues<BudgetReset>())
        {
            reset = candidate;
            if (string.Equals(BudgetResetNames.Of(candidate), name, StringComparison.OrdinalIgnoreCase)) return true;
        }
        reset = BudgetReset.Never;
        return false;
    }
}

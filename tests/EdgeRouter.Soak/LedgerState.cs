using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore;

namespace EdgeRouter.Soak;

/// <summary>What the ledger has for the inference key while no router runs, in USD.</summary>
/// <param name="Spent">What is spent of the limit.</param>
/// <param name="Leased">The sum of the leases: none but those of killed processes.</param>
/// <param name="Leases">Each lease.</param>
internal sealed record LedgerState(decimal Spent, decimal Leased, IReadOnlyList<(decimal Amount, DateTimeOffset Expires)> Leases)
{
    private const string Table = "budgets";

    /// <summary>What budgets know the inference key by, however often it is replaced.</summary>
    private const string Key = "key:inference";

    public static readonly LedgerState Empty = new(0, 0, []);

    /// <summary>What counts as spent: an expired lease counts, since nobody can prove what its process was charged.</summary>
    public decimal CountedAt(DateTimeOffset time) => Spent + Leases.Where(lease => lease.Expires <= time).Sum(lease => lease.Amount);

    public static async Task<LedgerState> ReadAsync(string folder)
    {
        await using var store = EmbeddedTableStore.Open(OptionsOf(folder));
        if (await store.GetAsync(Table, Key, "window:ever") is not { } row) return Empty;
        var leases = await store.QueryAsync(Table, Key, new RowRange("lease:", "lease;"));
        return new LedgerState(Dollars(row, "Spent"), Dollars(row, "Leased"),
            [.. leases.Rows.Select(lease => (Dollars(lease, "Amount"), (DateTimeOffset)lease.Properties["Expires"]))]);
    }

    public static EmbeddedStoreOptions OptionsOf(string folder) => new() { Folder = Path.Combine(folder, "store") };

    private static decimal Dollars(TableRow row, string name) => new NanoDollars((long)row.Properties[name]).ToDollars();
}

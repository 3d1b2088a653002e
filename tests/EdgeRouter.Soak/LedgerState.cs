using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore;

namespace EdgeRouter.Soak;

/// <summary>What the router's store holds while no router runs, in USD.</summary>
/// <param name="Spent">What the ledger has as spent of the key's limit.</param>
/// <param name="Leased">The sum of the leases in the ledger: none but those of killed processes.</param>
internal sealed record LedgerState(decimal Spent, decimal Leased)
{
    /// <summary>What budgets know the inference key by, however often it is replaced.</summary>
    private const string Key = "key:inference";

    public static async Task<LedgerState> ReadAsync(string folder)
    {
        await using var store = EmbeddedTableStore.Open(OptionsOf(folder));
        var row = await store.GetAsync("budgets", Key, "window:ever");
        return row is null ? new LedgerState(0, 0) : new LedgerState(Dollars(row, "Spent"), Dollars(row, "Leased"));
    }

    public static EmbeddedStoreOptions OptionsOf(string folder) => new() { Folder = Path.Combine(folder, "store") };

    private static decimal Dollars(TableRow row, string name) => new NanoDollars((long)row.Properties[name]).ToDollars();
}

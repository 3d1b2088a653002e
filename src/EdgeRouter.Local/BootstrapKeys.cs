using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;

namespace EdgeRouter.Local;

/// <summary>
/// The keys that the local host starts with: those of the settings, which are never shown, and where a kind has none a key that is generated at the first
/// start and shown then only. The store keeps the hashes of generated keys, so that they stay good.
/// </summary>
internal sealed class BootstrapKeys
{
    private const string Table = "keys";
    private const string Partition = "bootstrap";
    private readonly List<Caller> callers = [];
    private readonly BudgetSettings budgets;

    private BootstrapKeys(BudgetSettings budgets) => this.budgets = budgets;

    /// <summary>The ring of all, each with its limits.</summary>
    public KeyRing Ring => new(callers.Select(budgets.Bound));

    /// <summary>Messages for the operator, one line each. The only place where a generated key is shown.</summary>
    public List<string> Notes { get; } = [];

    public static async Task<BootstrapKeys> LoadAsync(RouterSettings settings, ITableStore store, bool renew)
    {
        var keys = new BootstrapKeys(settings.Budgets);
        keys.callers.AddRange(KeyRing.CallersOf(settings.Keys));
        if (settings.Keys.Inference is null) await keys.AddGeneratedAsync(KeyKind.Inference, KeyRing.InferenceId, store, renew);
        if (settings.Keys.Management is null) await keys.AddGeneratedAsync(KeyKind.Management, KeyRing.ManagementId, store, renew);
        return keys;
    }

    private async Task AddGeneratedAsync(KeyKind kind, string name, ITableStore store, bool renew)
    {
        if (!renew && await store.GetAsync(Table, Partition, name) is { } row)
        {
            callers.Add(new Caller((string)row.Properties["Hash"], (string)row.Properties["Label"], kind) { Id = name });
            var setting = kind == KeyKind.Inference ? "EdgeRouter__Keys__Inference" : "EdgeRouter__Keys__Management";
            Notes.Add($"{name} key: generated at an earlier start and shown only then. --new-keys replaces generated keys; {setting} sets your own.");
            return;
        }
        var key = ApiKeyText.Generate();
        var caller = KeyRing.CallerOf(key, kind) with { Id = name };
        await store.CommitAsync(Table, Partition,
            [TableChange.Upsert(name, new Dictionary<string, object> { ["Hash"] = caller.KeyHash, ["Label"] = caller.Label })]);
        callers.Add(caller);
        Notes.Add($"{name} key: {key}");
    }
}

using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Storage;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;

namespace EdgeRouter.Local;

/// <summary>
/// The two keys that the local host starts with: from the settings, or generated at the first start and shown only then. The store keeps their
/// hashes, so they stay valid after a restart.
/// </summary>
internal sealed class BootstrapKeys
{
    private const string Table = "keys";
    private const string Partition = "bootstrap";
    private readonly List<Caller> callers = [];
    private readonly BudgetSettings budgets;

    private BootstrapKeys(BudgetSettings budgets) => this.budgets = budgets;

    /// <summary>The ring of both, each with its limits.</summary>
    public KeyRing Ring => new(callers.Select(budgets.Bound));

    /// <summary>The inference key, if its text is known at this start.</summary>
    public string? Inference { get; private set; }

    /// <summary>Messages for the operator, one line each.</summary>
    public List<string> Notes { get; } = [];

    public static async Task<BootstrapKeys> LoadAsync(RouterSettings settings, ITableStore store, bool renew)
    {
        var keys = new BootstrapKeys(settings.Budgets);
        keys.Inference = await keys.AddAsync(KeyKind.Inference, "inference", settings.InferenceKey, store, renew);
        await keys.AddAsync(KeyKind.Management, "management", settings.ManagementKey, store, renew);
        return keys;
    }

    /// <summary>Returns the text of the key, or null when only its hash is known.</summary>
    private async Task<string?> AddAsync(KeyKind kind, string name, string? configured, ITableStore store, bool renew)
    {
        if (configured is not null)
        {
            callers.Add(KeyRing.CallerOf(configured, kind));
            return configured;
        }
        if (!renew && await store.GetAsync(Table, Partition, name) is { } row)
        {
            callers.Add(new Caller((string)row.Properties["Hash"], (string)row.Properties["Label"], kind));
            var setting = kind == KeyKind.Inference ? "EdgeRouter__Keys__Inference" : "EdgeRouter__Keys__Management";
            Notes.Add($"{name} key: generated at an earlier start and shown only then. --new-keys replaces both keys; {setting} sets your own.");
            return null;
        }
        var key = ApiKeyText.Generate();
        var caller = KeyRing.CallerOf(key, kind);
        await store.CommitAsync(Table, Partition,
            [TableChange.Upsert(name, new Dictionary<string, object> { ["Hash"] = caller.KeyHash, ["Label"] = caller.Label })]);
        callers.Add(caller);
        Notes.Add($"{name} key: {key}");
        return key;
    }
}

using EdgeRouter.Core.Budgets;

namespace EdgeRouter.Core.Governance;

/// <summary>What a key may do.</summary>
public enum KeyKind
{
    /// <summary>Calls models and reads its own records.</summary>
    Inference,

    /// <summary>Administers; is refused on inference routes.</summary>
    Management,
}

/// <summary>The owner of the API key of a request. Immutable; holds no secret.</summary>
/// <param name="KeyHash">SHA-256 of the key, lower-case hex.</param>
/// <param name="Label">Shortened form of the key for people, such as <c>sk-er-v1-abc...xyz</c>.</param>
/// <param name="Kind">What it may do.</param>
public sealed record Caller(string KeyHash, string Label, KeyKind Kind)
{
    /// <summary>
    /// What budgets and records know the caller by: 1 to 128 ASCII letters, digits, hyphens and underscores. Two keys with one identity are one caller,
    /// so that a key can be replaced without a fresh budget. A key without a name of its own is known by its hash.
    /// </summary>
    public string Id { get; init; } = KeyHash;

    /// <summary>The limits on the caller's spending, each independent of the others; empty: none.</summary>
    public IReadOnlyList<BudgetLimit> Limits { get; init; } = [];
}

using System.Security.Cryptography;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Governance;
using EdgeRouter.Gateway.Configuration;

namespace EdgeRouter.Gateway.Authentication;

/// <summary>The keys that this router knows. Immutable and thread-safe. Only hashes are kept.</summary>
public sealed class KeyRing
{
    /// <summary>Identity of the caller with a bootstrap inference key, whichever of the two.</summary>
    public const string InferenceId = "inference";

    /// <summary>Identity of the caller with a bootstrap management key.</summary>
    public const string ManagementId = "management";

    private readonly (byte[] Hash, Caller Caller)[] keys;

    /// <summary>A ring of the given callers, each known by its key hash.</summary>
    /// <exception cref="ArgumentException">One key is given twice.</exception>
    public KeyRing(IEnumerable<Caller> callers)
    {
        keys = [.. callers.Select(caller => (Convert.FromHexString(caller.KeyHash), caller))];
        if (keys.Select(entry => entry.Caller.KeyHash).Distinct(StringComparer.Ordinal).Count() != keys.Length)
            throw new ArgumentException("The management key and the inference key must differ.", nameof(callers));
    }

    /// <summary>The limits of all callers, each once.</summary>
    public IEnumerable<BudgetLimit> Limits => keys.SelectMany(entry => entry.Caller.Limits).Distinct();

    /// <summary>The caller of a key.</summary>
    public static Caller CallerOf(string key, KeyKind kind) => new(Convert.ToHexStringLower(ApiKeyText.Hash(key)), ApiKeyText.Shorten(key), kind);

    /// <summary>The callers of the keys that the operator set; those of one kind have one identity.</summary>
    public static IEnumerable<Caller> CallersOf(KeySettings settings) =>
    [
        .. CallersOf([settings.Inference, settings.InferenceNext], KeyKind.Inference, InferenceId),
        .. CallersOf([settings.Management, settings.ManagementNext], KeyKind.Management, ManagementId),
    ];

    /// <summary>Finds the caller of a key in constant time; null: unknown.</summary>
    public Caller? Find(ReadOnlySpan<byte> keyHash)
    {
        Caller? found = null;
        foreach (var (hash, caller) in keys)
            if (CryptographicOperations.FixedTimeEquals(hash, keyHash)) found = caller;
        return found;
    }

    // At the end of a change-over both settings may have the same key for a while.
    private static IEnumerable<Caller> CallersOf(IEnumerable<string?> keys, KeyKind kind, string id) =>
        keys.OfType<string>().Distinct(StringComparer.Ordinal).Select(key => CallerOf(key, kind) with { Id = id });
}

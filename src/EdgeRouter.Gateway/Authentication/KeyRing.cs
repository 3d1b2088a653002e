using System.Security.Cryptography;
using EdgeRouter.Core.Governance;

namespace EdgeRouter.Gateway.Authentication;

/// <summary>The keys that this router knows. Immutable and thread-safe. Only hashes are kept.</summary>
public sealed class KeyRing
{
    private readonly (byte[] Hash, Caller Caller)[] keys;

    /// <summary>A ring of the given keys.</summary>
    /// <exception cref="ArgumentException">One key is given twice.</exception>
    public KeyRing(IEnumerable<(string Key, KeyKind Kind)> keys)
    {
        this.keys = [.. keys.Select(entry =>
        {
            var hash = ApiKeyText.Hash(entry.Key);
            return (hash, new Caller(Convert.ToHexStringLower(hash), ApiKeyText.Shorten(entry.Key), entry.Kind));
        })];
        if (this.keys.Select(entry => entry.Caller.KeyHash).Distinct(StringComparer.Ordinal).Count() != this.keys.Length)
            throw new ArgumentException("The management key and the inference key must differ.", nameof(keys));
    }

    /// <summary>Finds the caller of a key in a time that does not depend on how much of the key is right; null: unknown.</summary>
    public Caller? Find(ReadOnlySpan<byte> keyHash)
    {
        Caller? found = null;
        foreach (var (hash, caller) in keys)
            if (CryptographicOperations.FixedTimeEquals(hash, keyHash)) found = caller;
        return found;
    }
}

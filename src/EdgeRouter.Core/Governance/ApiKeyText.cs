using System.Security.Cryptography;
using System.Text;

namespace EdgeRouter.Core.Governance;

/// <summary>The text of API keys: making, hashing, shortening.</summary>
public static class ApiKeyText
{
    /// <summary>How every generated key starts.</summary>
    public const string Prefix = "sk-er-v1-";

    /// <summary>A new key with 256 random bits.</summary>
    public static string Generate() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>SHA-256 of the key's UTF-8 bytes.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>
    /// A form that may be shown to its holder: the ends of the key, or nothing of a key too short to be cut. Of a key that somebody thought up less is shown
    /// than of a generated one, whose rest cannot be guessed.
    /// </summary>
    public static string Shorten(string key)
    {
        if (key.Length < 20) return "***";
        return $"{(key.StartsWith(Prefix, StringComparison.Ordinal) ? key[..12] : key[..3])}...{key[^3..]}";
    }
}

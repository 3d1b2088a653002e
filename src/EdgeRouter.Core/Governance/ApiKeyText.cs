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

    /// <summary>A form that may be shown: the ends of the key, or nothing of a short key.</summary>
    public static string Shorten(string key) => key.Length < 20 ? "***" : $"{key[..12]}...{key[^3..]}";
}

using System.Security.Cryptography;
using System.Text;

namespace EdgeRouter.TestSupport.Signatures;

/// <summary>
/// Checks Amazon's signatures of requests, version 4, as a service does: from the documentation, without Amazon's library. Amazon's published examples and
/// Amazon's own client check it.
/// </summary>
public static class SigV4Verifier
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>What is wrong with the signature of a request; null: nothing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="accessKeyId">The only access key that is known.</param>
    /// <param name="secretAccessKey">Its secret.</param>
    /// <param name="scope"><c>region/service</c> that it must be for.</param>
    public static string? FindFault(SignedRequest request, string accessKeyId, string secretAccessKey, string scope)
    {
        if (!request.Headers.TryGetValue("Authorization", out var authorization) || !authorization.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            return "no signature";
        var parts = authorization[Algorithm.Length..].Split(',').Select(static part => part.Trim().Split('=', 2))
            .ToDictionary(static part => part[0], static part => part[1]);
        var names = parts["SignedHeaders"].Split(';');
        if (!names.Contains("host")) return "the host is not signed";
        if (!request.Headers.TryGetValue("X-Amz-Date", out var date)) return "no date";
        var expectedScope = $"{date[..8]}/{scope}/aws4_request";
        if (parts["Credential"] != $"{accessKeyId}/{expectedScope}") return $"credential {parts["Credential"]}, expected {accessKeyId}/{expectedScope}";
        var bodyHash = Hex(SHA256.HashData(request.Body));
        if (request.Headers.TryGetValue("X-Amz-Content-Sha256", out var declared) && declared != bodyHash) return "the body is not the one that was hashed";
        if (request.Headers.ContainsKey("X-Amz-Security-Token") && !names.Contains("x-amz-security-token")) return "the session's token is not signed";

        var canonical = string.Join('\n', request.Method, PathOf(request.Target), QueryOf(request.Target),
            string.Concat(names.Select(name => $"{name}:{request.Headers[name].Trim()}\n")), parts["SignedHeaders"], bodyHash);
        var toSign = string.Join('\n', Algorithm, date, expectedScope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        var key = Encoding.UTF8.GetBytes("AWS4" + secretAccessKey);
        foreach (var part in expectedScope.Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return parts["Signature"] == Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))) ? null : "the signature does not match";
    }

    /// <summary>The path as it was sent, encoded once more: every service but storage signs it so.</summary>
    private static string PathOf(string target) => string.Join('/', target.Split('?')[0].Split('/').Select(Encode));

    private static string QueryOf(string target)
    {
        var pairs = target.Split('?', 2) is [_, var query] ? query.Split('&', StringSplitOptions.RemoveEmptyEntries) : [];
        return string.Join('&', pairs.Select(static pair => pair.Split('=', 2))
            .Select(static pair => $"{Encode(Uri.UnescapeDataString(pair[0]))}={(pair.Length > 1 ? Encode(Uri.UnescapeDataString(pair[1])) : "")}")
            .Order(StringComparer.Ordinal));
    }

    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

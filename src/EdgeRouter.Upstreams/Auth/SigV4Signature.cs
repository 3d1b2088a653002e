using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Signing;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>Signs requests with Amazon's own signer. The only type that uses Amazon's library.</summary>
internal static class SigV4Signature
{
    private const string BodyHash = "x-amz-content-sha256";

    /// <summary>Adds the headers of the signature. The request is complete but for them; headers that it has are not covered.</summary>
    /// <param name="request">The request.</param>
    /// <param name="provider">Its provider, with an access key, a region and a service.</param>
    /// <param name="now">When it is signed.</param>
    public static void Add(HttpRequestMessage request, Provider provider, DateTimeOffset now)
    {
        var signing = new AWSSigningRequest { HttpMethod = request.Method, RequestUri = request.RequestUri };
        // Otherwise the signer would want a copy of the body.
        signing.Headers[BodyHash] = HashOf(request.Content);
        var signed = AWSSigV4Signer.Sign(signing, new AWSSigV4Parameters
        {
            Credentials = CredentialsOf(provider.Credentials),
            Region = RegionEndpoint.GetBySystemName(provider.Variables[SigV4Auth.Region]),
            Service = provider.Credentials[AuthCredentials.Service],
            SignedAt = now.UtcDateTime,
        });
        foreach (var (name, value) in signed.Headers) request.Headers.TryAddWithoutValidation(name, value);
    }

    private static AWSCredentials CredentialsOf(IReadOnlyDictionary<string, string> given)
    {
        var (id, secret) = (given[AuthCredentials.AccessKeyId], given[AuthCredentials.SecretAccessKey]);
        return given.GetValueOrDefault(AuthCredentials.SessionToken) is { } token
            ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
    }

    // Reading the stream of a body in memory neither sends nor copies it.
    private static string HashOf(HttpContent? content) =>
        Convert.ToHexStringLower(content is null ? SHA256.HashData([]) : SHA256.HashData(content.ReadAsStream()));
}

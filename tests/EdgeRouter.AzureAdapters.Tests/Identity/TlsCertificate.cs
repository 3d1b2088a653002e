using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeRouter.AzureAdapters.Tests.Identity;

/// <summary>A certificate of a server of this machine, and those who trust it.</summary>
internal static class TlsCertificate
{
    /// <param name="hosts">Names that it is good for beside 127.0.0.1.</param>
    public static X509Certificate2 Make(params IEnumerable<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        foreach (var host in hosts) names.AddDnsName(host);
        var request = new CertificateRequest("CN=azurite", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    /// <summary>Writes certificate and key as the two files that a server wants.</summary>
    public static async Task<(string Certificate, string Key)> WriteAsync(X509Certificate2 certificate, string folder)
    {
        var (cert, key) = (Path.Combine(folder, "cert.pem"), Path.Combine(folder, "key.pem"));
        await File.WriteAllTextAsync(cert, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (cert, key);
    }

    /// <summary>Trusts this certificate and no other.</summary>
    public static X509ChainPolicy TrustOf(X509Certificate2 certificate) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        CustomTrustStore = { certificate },
    };
}

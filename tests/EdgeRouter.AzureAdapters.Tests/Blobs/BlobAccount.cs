using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeRouter.AzureAdapters.Tests.Identity;
using EdgeRouter.TestSupport.Emulator;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.AzureAdapters.Tests.Blobs;

/// <summary>Azurite's blob service under the name of an Azure account. It speaks TLS, and checks a token's issuer, audience and life.</summary>
public sealed class BlobAccount : IAsyncLifetime
{
    private const string Host = $"{AzuriteBlobs.Account}.blob.core.windows.net";

    private readonly TemporaryFolder folder = new();
    private readonly X509Certificate2 certificate = TlsCertificate.Make(Host);
    private AzuriteBlobs azurite = null!;

    public static Uri Endpoint => new($"https://{Host}/");

    /// <summary>A client for which that name leads to Azurite.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>A new private container; with a blob in it, if there is a text.</summary>
    /// <returns>Where the blob is, or would be.</returns>
    public async Task<Uri> MakeBlobAsync(string? text)
    {
        var container = $"c{Guid.NewGuid():N}";
        await AzuriteBlobs.MakeContainerAsync(Client, Endpoint, container);
        var url = new Uri(Endpoint, $"{container}/own.json");
        if (text is not null) await PutAsync(url, text);
        return url;
    }

    public Task PutAsync(Uri url, string text) => AzuriteBlobs.PutBlobAsync(Client, Endpoint, url.AbsolutePath[1..], text);

    public async ValueTask InitializeAsync()
    {
        var (cert, key) = await TlsCertificate.WriteAsync(certificate, folder.Path);
        azurite = await AzuriteBlobs.StartAsync(folder.Path, "--cert", cert, "--key", key, "--oauth", "basic");
        Client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { CertificateChainPolicy = TlsCertificate.TrustOf(certificate) },
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, azurite.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (azurite is not null) await azurite.DisposeAsync();
        certificate.Dispose();
        folder.Dispose();
    }
}

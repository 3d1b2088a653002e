using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace EdgeRouter.TestSupport.Emulator;

/// <summary>Azurite's blob service on a free port of this machine. It dies with this process.</summary>
public sealed class AzuriteBlobs : IAsyncDisposable
{
    /// <summary>Azurite's account, which is the same everywhere and public.</summary>
    public const string Account = "devstoreaccount1";

    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string Version = "2023-11-03";
    private readonly NodeProcess node;

    private AzuriteBlobs(NodeProcess node, int port)
    {
        this.node = node;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Where the account is.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{Port}/{Account}/");

    /// <param name="location">Folder of its data.</param>
    /// <param name="options">More of its command line.</param>
    public static async Task<AzuriteBlobs> StartAsync(string location, params string[] options)
    {
        var started = new NodeProcess(
            "host.cjs", ["--location", location, "--blobHost", "127.0.0.1", "--blobPort", "0", "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                .. options]);
        try
        {
            return new AzuriteBlobs(started, int.Parse(await started.WaitForLineAsync("port "), CultureInfo.InvariantCulture));
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>A shared access signature for blobs of the account, as a query without its question mark.</summary>
    /// <param name="permissions">What it allows, such as <c>r</c>.</param>
    public static string Signature(string permissions)
    {
        const string Expiry = "2100-01-01T00:00:00Z";
        // The order and the line ends are the protocol's: start, addresses and encryption scope are not given.
        var text = string.Join('\n', Account, permissions, "b", "co", "", Expiry, "", "https,http", Version, "", "");
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(AccountKey), Encoding.UTF8.GetBytes(text)));
        return $"sv={Version}&ss=b&srt=co&sp={permissions}&se={Uri.EscapeDataString(Expiry)}&spr=https%2Chttp&sig={Uri.EscapeDataString(signature)}";
    }

    /// <summary>Makes a private container, unless it is there.</summary>
    /// <param name="client">Sends the request.</param>
    /// <param name="endpoint">Where the account is.</param>
    /// <param name="container">Its name.</param>
    public static Task MakeContainerAsync(HttpClient client, Uri endpoint, string container) =>
        PutAsync(client, new Uri(endpoint, $"{container}?restype=container&{Signature("cw")}"), null);

    /// <summary>Puts a blob into a container, over one that is there.</summary>
    /// <param name="client">Sends the request.</param>
    /// <param name="endpoint">Where the account is.</param>
    /// <param name="path">Container and blob.</param>
    /// <param name="text">What it holds.</param>
    public static Task PutBlobAsync(HttpClient client, Uri endpoint, string path, string text) =>
        PutAsync(client, new Uri(endpoint, $"{path}?{Signature("cw")}"), text);

    public ValueTask DisposeAsync() => node.DisposeAsync();

    private static async Task PutAsync(HttpClient client, Uri url, string? text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new StringContent(text ?? "") };
        if (text is not null) request.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var answer = await client.SendAsync(request);
        if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict) return;
        throw new InvalidOperationException($"Azurite answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }
}

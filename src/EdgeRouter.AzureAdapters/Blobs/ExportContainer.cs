using System.Net;
using System.Net.Http.Headers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.AzureAdapters.Blobs;

/// <summary>
/// Exports as blobs of a container. It only ever creates blobs, so the right to add them is all that it needs. Thread-safe; one per process.
/// </summary>
public sealed class ExportContainer : IExportFiles
{
    /// <summary>Prefix of the setting's value.</summary>
    public const string Prefix = "blob:";

    private const string Setting = "EdgeRouter__Export__Target";
    private const string Version = "2023-11-03";
    private const int Tries = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>A file has at most 16 MiB.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly Uri container;
    private readonly HttpClient client;
    private readonly BlobTokens tokens;
    private readonly TimeProvider time;

    internal ExportContainer(Uri container, HttpClient client, BlobTokens tokens, TimeProvider time) =>
        (this.container, this.client, this.tokens, this.time) = (container, client, tokens, time);

    /// <summary>
    /// Makes it; no request is sent. <c>blob:https://&lt;account&gt;.blob.core.windows.net/&lt;container&gt;</c> uses the router's identity; with a shared
    /// access signature as its query, that.
    /// </summary>
    /// <param name="setting">Value of the setting.</param>
    /// <param name="clientId">Client id of a user-assigned identity; null: the machine's default identity.</param>
    /// <exception cref="FormatException">The value is something else; the text names the setting and holds no part of a signature.</exception>
    public static ExportContainer Create(string setting, string? clientId) => new(UrlOf(setting), new HttpClient { Timeout = Patience },
        new BlobTokens(clientId), TimeProvider.System);

    /// <inheritdoc/>
    public async Task<bool> TryWriteAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
    {
        var pause = FirstPause;
        for (var tries = 1; ; tries++)
        {
            var (status, reason) = await PutAsync(name, content, cancellationToken);
            if (status == HttpStatusCode.Created) return true;
            // There is one: by If-None-Match, or because the right to change it is missing.
            if (status is HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed && reason is "BlobAlreadyExists" or "BlobImmutableDueToPolicy")
                return false;
            if (tries == Tries || !IsPassing(status))
                throw new StorageUnavailableException($"The export container cannot be written: the server answered {(int)status} {reason}.");
            await Task.Delay(pause, time, cancellationToken);
            pause *= 4;
        }
    }

    private static bool IsPassing(HttpStatusCode status) => status is 0 or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || (int)status >= 500;

    /// <summary>The answer's status and error code; status 0: none came.</summary>
    private async Task<(HttpStatusCode Status, string Reason)> PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new UriBuilder(container) { Path = $"{container.AbsolutePath.TrimEnd('/')}/{name}" }.Uri)
        {
            Content = new ReadOnlyMemoryContent(content),
        };
        request.Headers.TryAddWithoutValidation("x-ms-version", Version);
        request.Headers.TryAddWithoutValidation("x-ms-blob-type", "BlockBlob");
        request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
        try
        {
            if (await tokens.TokenForAsync(container, cancellationToken) is { } token)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await client.SendAsync(request, cancellationToken);
            return (response.StatusCode, response.Headers.TryGetValues("x-ms-error-code", out var codes) ? codes.First() : response.ReasonPhrase ?? "");
        }
        catch (CatalogException fault)
        {
            throw new StorageUnavailableException("The export container cannot be written: the identity gets no token for storage.", fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (0, fault.GetType().Name);
        }
    }

    private static Uri UrlOf(string setting)
    {
        if (setting.StartsWith(Prefix, StringComparison.Ordinal) && Uri.TryCreate(setting[Prefix.Length..].Trim(), UriKind.Absolute, out var url)
            && url.Scheme == Uri.UriSchemeHttps && url is { Fragment: "", UserInfo: "" } && url.AbsolutePath.Trim('/').Length > 0) return url;
        throw new FormatException($"{Setting}: expected {Prefix}<https URL of a container> on Azure Functions");
    }
}

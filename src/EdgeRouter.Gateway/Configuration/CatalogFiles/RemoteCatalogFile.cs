using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.Gateway.Configuration.CatalogFiles;

/// <summary>
/// A file at a URL: a blob, or whatever an HTTP server has. Requests carry the last ETag, so that polling an unchanged file transfers nothing.
/// The last content is kept, so a reload that another file causes sends nothing.
/// </summary>
/// <param name="url">The URL. Its query, which may be a shared access signature, is in no text.</param>
/// <param name="period">How often to poll.</param>
/// <param name="client">Sends the requests; follows no redirect.</param>
/// <param name="tokens">Gives the bearer token; null: none is sent.</param>
/// <param name="time">Measures the waits.</param>
internal sealed class RemoteCatalogFile(Uri url, TimeSpan period, HttpMessageInvoker client, CatalogTokens? tokens, TimeProvider time) : ICatalogFile
{
    /// <summary>Longest wait for one answer, token and body included.</summary>
    internal static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Waits before the file is asked for again at the start of the router, when its server does not answer or says that it is busy.</summary>
    internal static readonly TimeSpan[] RetryDelays = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1.5)];

    /// <summary>Storage takes a token only from a client that names the protocol's version.</summary>
    private const string StorageVersion = "2023-11-03";

    private static readonly TimeSpan CopyTimeout = TimeSpan.FromSeconds(5);

    private volatile CatalogDocument? document;
    private CatalogDocument? kept;
    private string? etag;

    public string Name { get; } = url.GetLeftPart(UriPartial.Path);

    public TimeSpan Period => period;

    public CatalogException? LoadedFromCopyBecause { get; private set; }

    /// <inheritdoc/>
    public async Task OpenAsync(CatalogCopies copies, CancellationToken cancellationToken)
    {
        try
        {
            await ReadFirstAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is UnreachableException or CatalogException)
        {
            // Refused, deleted or unreachable: a running instance keeps what it has, and a starting one uses the copy.
            var unread = fault as CatalogException ?? Fault(fault.Message);
            document = await TryReadCopyAsync(copies) ?? throw unread;
            LoadedFromCopyBecause = unread;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> CheckForChangeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAsync(cancellationToken);
        }
        catch (UnreachableException fault)
        {
            throw Fault(fault.Message);
        }
    }

    /// <summary>What the last poll found.</summary>
    public CatalogDocument Read() => document ?? throw new InvalidOperationException($"{Name} is not open.");

    /// <inheritdoc/>
    public async ValueTask KeepAsync(CatalogCopies copies, CancellationToken cancellationToken)
    {
        if (document is not { } known || ReferenceEquals(known, kept)) return;
        await copies.KeepAsync(Name, known.Json, cancellationToken);
        kept = known;
    }

    private async Task ReadFirstAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await FetchAsync(cancellationToken);
                return;
            }
            catch (UnreachableException) when (attempt < RetryDelays.Length)
            {
                await Task.Delay(RetryDelays[attempt], time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                throw new UnreachableException("expected an answer before the router must start");
            }
        }
    }

    private async Task<CatalogDocument?> TryReadCopyAsync(CatalogCopies copies)
    {
        using var timeout = new CancellationTokenSource(CopyTimeout, time);
        try
        {
            return await copies.ReadAsync(Name, timeout.Token) is { } bytes ? new CatalogDocument(Name, bytes) : null;
        }
        catch (Exception fault) when (fault is StorageUnavailableException or InvalidDataException or OperationCanceledException)
        {
            // There is no copy; the reason why the file itself could not be read says more.
            return null;
        }
    }

    /// <summary>Whether there is a new content; it is kept then.</summary>
    private async Task<bool> FetchAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            if (etag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", etag);
            await AuthorizeAsync(request, either.Token);
            using var answer = await client.SendAsync(request, either.Token);
            if (answer.StatusCode == HttpStatusCode.NotModified && document is not null) return false;
            if (answer.StatusCode != HttpStatusCode.OK) throw Refused(answer);
            return Keep(await ReadBodyAsync(answer.Content, either.Token), answer.Headers.ETag);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnreachableException(string.Create(CultureInfo.InvariantCulture, $"expected an answer within {AnswerTimeout.TotalSeconds} seconds"));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new UnreachableException($"expected a server that answers: {fault.Message}");
        }
    }

    private async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (tokens is null || await tokens(url, cancellationToken) is not { } token) return;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("x-ms-version", StorageVersion);
    }

    private async Task<byte[]> ReadBodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > CatalogDocument.MaxBytes) throw TooLarge();
        using var bytes = new MemoryStream();
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (bytes.Length + count > CatalogDocument.MaxBytes) throw TooLarge();
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }

    /// <summary>A server without ETags sends the same bytes again; that is no change.</summary>
    private bool Keep(byte[] bytes, EntityTagHeaderValue? tag)
    {
        etag = tag?.ToString();
        if (document is { } known && known.Json.Span.SequenceEqual(bytes)) return false;
        document = new CatalogDocument(Name, bytes);
        return true;
    }

    private Exception Refused(HttpResponseMessage answer)
    {
        var reason = $"expected a file that may be read: the server answered {(int)answer.StatusCode}";
        // Storage's word for it, such as BlobNotFound; anything else a server may write is not repeated.
        if (answer.Headers.TryGetValues("x-ms-error-code", out var codes) && codes.First() is { Length: <= 64 } code && code.All(char.IsAsciiLetterOrDigit))
            reason += $" {code}";
        return answer.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            ? new UnreachableException(reason) : Fault(reason);
    }

    private CatalogException TooLarge() => Fault($"expected at most {CatalogDocument.MaxBytes} bytes");

    private CatalogException Fault(string expectation) => new([new CatalogError(Name, "", expectation)]);

    /// <summary>The server cannot be reached, or is busy: another attempt may help.</summary>
    private sealed class UnreachableException(string message) : Exception(message);
}

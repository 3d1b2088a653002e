using System.Globalization;
using System.Net;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Media;

/// <summary>
/// Fetches the content of callers' URLs, for wires that need the bytes inside the request. Only http and https, only public addresses (unless
/// <see cref="UpstreamOptions.AllowPrivateFetch"/>), checked again on each of at most three redirects; bounded in size, time and number. The proxy
/// variables of the environment are not used, because a proxy would connect to addresses that this class must not reach. Thread-safe; one per
/// process.
/// </summary>
public sealed class MediaFetcher : IDisposable
{
    private const int MaxRedirects = 3;
    private const int MaxUrlLength = 8192;

    private readonly UpstreamOptions options;
    private readonly TimeProvider timeProvider;
    private readonly HttpMessageInvoker http;
    private readonly FetchSlots slots;
    private readonly DeadServers dead;

    /// <summary>Makes a fetcher.</summary>
    public MediaFetcher(UpstreamOptions options, TimeProvider timeProvider)
        : this(options, timeProvider, options.AllowPrivateFetch ? static _ => true : FetchAddressPolicy.IsPublic)
    {
    }

    internal MediaFetcher(UpstreamOptions options, TimeProvider timeProvider, Func<IPAddress, bool> isAllowed)
    {
        this.options = options;
        this.timeProvider = timeProvider;
        slots = new FetchSlots(options.MaxConcurrentFetches);
        dead = new DeadServers(timeProvider);
        http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                ConnectCallback = new MediaConnector(isAllowed).ConnectAsync,
                ConnectTimeout = options.ConnectTimeout,
                UseProxy = false,
                UseCookies = false,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                MaxResponseHeadersLength = options.MaxResponseHeadersKilobytes,
                MaxResponseDrainSize = 0,
                ActivityHeadersPropagator = null,
            },
            disposeHandler: true);
    }

    /// <summary>Fetches one URL.</summary>
    /// <param name="url">An absolute http or https URL as the caller wrote it.</param>
    /// <param name="kind">The expected kind of content.</param>
    /// <param name="field">The request member with the URL, for errors.</param>
    /// <param name="budget">Bytes left for the request.</param>
    /// <param name="callerId">Id of the caller: one cannot keep the slots of the process from the others.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled. All else is in the result.</exception>
    public async ValueTask<MediaResult> FetchAsync(string url, MediaKind kind, string field, MediaBudget budget, string callerId,
        CancellationToken cancellationToken)
    {
        var errors = new MediaErrors(kind, field);
        if (!await TryEnterAsync(callerId, cancellationToken).ConfigureAwait(false)) return errors.Busy();
        // Its time starts when it gets a slot: slow servers of others do not shorten it.
        using var deadline = new RequestDeadline(options.MediaTimeout, timeProvider);
        using var following = deadline.Follow(cancellationToken);
        try
        {
            return await FollowAsync(url, kind, errors, budget, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (TransportFailures.IsTransport(exception) && !cancellationToken.IsCancellationRequested)
        {
            if (exception.GetBaseException() is ForbiddenAddressException) return errors.Forbidden();
            return errors.Download(exception is OperationCanceledException ? "it took too long" : "the connection failed");
        }
        finally
        {
            slots.Leave(callerId);
        }
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose() => http.Dispose();

    /// <summary>False: no slot became free in time.</summary>
    private async ValueTask<bool> TryEnterAsync(string callerId, CancellationToken cancellationToken)
    {
        using var limit = new RequestDeadline(options.MediaTurnTimeout, timeProvider);
        using var following = limit.Follow(cancellationToken);
        try
        {
            await slots.EnterAsync(callerId, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask<MediaResult> FollowAsync(string url, MediaKind kind, MediaErrors errors, MediaBudget budget, CancellationToken cancellationToken)
    {
        if (url.Length > MaxUrlLength || !Uri.TryCreate(url, UriKind.Absolute, out Uri? target)) return errors.BadUrl();
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            if (target.Scheme is not ("http" or "https") || target.UserInfo.Length > 0) return errors.BadUrl();
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            request.Headers.TryAddWithoutValidation("User-Agent", UpstreamClient.UserAgent);
            if (dead.Contains(target)) return errors.Download("no connection could be opened to the server a moment ago");
            using var response = await SendAsync(request, target, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location)
            {
                if (!Uri.TryCreate(target, location, out target)) return errors.Download("the redirect has no valid target");
                continue;
            }
            if (!response.IsSuccessStatusCode)
                return errors.Download(string.Create(CultureInfo.InvariantCulture, $"the server answered with status {(int)response.StatusCode}"));
            return await ReadAsync(response, kind, errors, budget, cancellationToken).ConfigureAwait(false);
        }
        return errors.Download(string.Create(CultureInfo.InvariantCulture, $"more than {MaxRedirects} redirects"));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Uri target, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsUnreachable(exception))
        {
            dead.Add(target);
            throw;
        }
    }

    /// <summary>No name, no connection, or none within the connect timeout, which SocketsHttpHandler reports so.</summary>
    private static bool IsUnreachable(Exception exception) => exception.GetBaseException() is not ForbiddenAddressException
        && exception is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError }
            or OperationCanceledException { InnerException: TimeoutException };

    private async ValueTask<MediaResult> ReadAsync(HttpResponseMessage response, MediaKind kind, MediaErrors errors, MediaBudget budget,
        CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > options.MaxMediaBytes) return errors.TooLarge(options.MaxMediaBytes);
        using var body = new UpstreamBody(response.Content.Headers.ContentLength ?? 0);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        while (await stream.ReadAsync(body.GetSpace(), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            body.Advance(read);
            if (!budget.TryTake(read)) return errors.TooLarge(options.MaxMediaBytes);
        }
        return MediaTypes.Find(kind, body.Memory.Span, response.Content.Headers.ContentType?.MediaType) is { } type
            ? new MediaResult(DataUrl.Make(type, body.Memory), null)
            : errors.Unsupported();
    }
}

using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Identity;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Upstreams.Auth;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// Sends requests to providers over one connection pool per base URL. Network failures are returned as an <see cref="UpstreamFailure"/>, never
/// thrown, and never retried here. The proxy variables of the environment (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>) are honoured; redirects, cookies and
/// trace headers are not. Thread-safe; one per process.
/// </summary>
public sealed class UpstreamClient : IDisposable
{
    internal static readonly string UserAgent = "EdgeRouter/" + Version();

    private readonly ConcurrentDictionary<string, Lazy<HttpMessageInvoker>> pools = new(StringComparer.Ordinal);
    private readonly FrozenDictionary<string, IProviderWire> wires;
    private readonly UpstreamAuthSchemes authSchemes;
    private readonly FrozenDictionary<string, InProcessHandler> inProcess;
    private readonly UpstreamOptions options;
    private readonly TimeProvider timeProvider;

    /// <summary>Makes a client.</summary>
    /// <param name="wires">The wires, which read the error bodies.</param>
    /// <param name="authSchemes">The authentication schemes that providers may name.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="timeProvider">Clock of deadlines and of dates in Retry-After.</param>
    /// <param name="inProcess">Providers inside this process; the client does not dispose them.</param>
    public UpstreamClient(IEnumerable<IProviderWire> wires, UpstreamAuthSchemes authSchemes, UpstreamOptions options, TimeProvider timeProvider,
        IEnumerable<InProcessHandler> inProcess)
    {
        this.authSchemes = authSchemes;
        this.inProcess = inProcess.ToFrozenDictionary(handler => handler.Host, StringComparer.Ordinal);
        this.wires = wires.ToFrozenDictionary(wire => wire.Name, StringComparer.Ordinal);
        this.options = options;
        this.timeProvider = timeProvider;
    }

    /// <summary>
    /// Posts a body and waits for the headers of the answer. A status other than 2xx is a failure whose body was read (bounded) and classified.
    /// </summary>
    /// <param name="endpoint">The endpoint; its provider passed <see cref="ProviderRules"/>.</param>
    /// <param name="call">What to send.</param>
    /// <param name="cancellationToken">Its cancellation, and nothing else, gives <see cref="FailureClass.Cancelled"/>.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResult<UpstreamAnswer>> SendAsync(
        Endpoint endpoint, UpstreamCall call, CancellationToken cancellationToken)
    {
        var (provider, stream) = (endpoint.Provider, call.Stream);
        var baseUrl = provider.BaseUrl ?? throw new ArgumentException($"Provider {provider.Slug} has no base URL.", nameof(endpoint));
        var deadline = new RequestDeadline(stream ? options.StreamHeadersTimeout : options.WholeAnswerTimeout, timeProvider);
        HttpResponseMessage? response = null;
        try
        {
            using var request = await CreateRequestAsync(provider, baseUrl, call, cancellationToken).ConfigureAwait(false);
            using var following = deadline.Follow(cancellationToken);
            response = await GetPool(baseUrl).SendAsync(request, deadline.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                // Does not block: the body is a stream already, and the asynchronous method would only wrap it in a task.
                var content = response.Content.ReadAsStream(deadline.Token);
                // From here on the reader of the stream has its own timeouts: thousands of streams are open at once, and each timer costs.
                if (stream) deadline.Dispose();
                var answer = new UpstreamAnswer(response, content, stream ? null : deadline, options.MaxResponseBytes);
                response = null;
                deadline = null;
                return answer;
            }
            return await ReadFailureAsync(provider, response, call.Body, cancellationToken).ConfigureAwait(false);
        }
        catch (TokenException exception)
        {
            return UpstreamFailure.Observed(exception.Refused ? FailureClass.Authentication : FailureClass.ConnectFailed, exception.Message);
        }
        catch (Exception exception) when (TransportFailures.IsTransport(exception))
        {
            return TransportFailures.Of(exception,
                deadline?.Expired(stream ? FailureClass.HeadersTimeout : FailureClass.WholeAnswerTimeout), cancellationToken);
        }
        finally
        {
            response?.Dispose();
            deadline?.Dispose();
        }
    }

    /// <summary>
    /// Opens a connection to a provider, so that the first request does not wait for it: sends a HEAD request to its base URL, without a credential,
    /// and ignores the answer. Returns false when no connection could be opened; does not throw for it.
    /// </summary>
    public async ValueTask<bool> TryOpenAsync(Provider provider, CancellationToken cancellationToken)
    {
        if (provider.BaseUrl is not { } baseUrl) return false;
        using var deadline = new RequestDeadline(options.ConnectTimeout, timeProvider);
        try
        {
            using var following = deadline.Follow(cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Head, baseUrl)
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower
            };
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
            using var response = await GetPool(baseUrl).SendAsync(request, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (TransportFailures.IsTransport(exception))
        {
            return false;
        }
    }

    /// <summary>Closes all connections.</summary>
    public void Dispose()
    {
        foreach (var pool in pools.Values) pool.Value.Dispose();
    }

    private static string Version() =>
        typeof(UpstreamClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HttpRequestMessage> CreateRequestAsync(
        Provider provider, Uri baseUrl, UpstreamCall call, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, UpstreamUrl.Of(provider, baseUrl, call.Path))
        {
            // HTTP/2 where TLS negotiates it; plain http stays at 1.1.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = ObservedContent.Of(call.Body, call.Observer),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", call.Transport.RequestMediaType);
        request.Headers.TryAddWithoutValidation("Accept", call.Accept);
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in call.Headers ?? []) request.Headers.TryAddWithoutValidation(name, value);
        foreach (var (name, value) in provider.Headers)
        {
            // A row's header replaces the router's own.
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
        await authSchemes.Get(provider.Auth).ApplyAsync(request, provider, cancellationToken).ConfigureAwait(false);
        return request;
    }

    private async ValueTask<UpstreamFailure> ReadFailureAsync(
        Provider provider, HttpResponseMessage response, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        using var body = await ErrorBody.ReadAsync(response, options, timeProvider, cancellationToken).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested) return TransportFailures.Of(new OperationCanceledException(), null, cancellationToken);
        var status = (int)response.StatusCode;
        var wire = wires[provider.Wire];
        var error = wire.ReadError(status, body.Memory);
        if (wire.ErrorTypeHeader is { } header && error.Type is null) error = error with { Type = ErrorBody.TypeOf(response, header) };
        var retryAfter = RetryAfterReader.Read(response.Headers, status, body.Memory.Span, timeProvider.GetUtcNow());
        return new UpstreamFailure(FailureClassifier.Classify(provider.Wire, status, error, request.Span), status, error, retryAfter)
        { Raw = ErrorBody.ToText(body.Memory.Span) };
    }

    private HttpMessageInvoker GetPool(Uri baseUrl) =>
        pools.GetOrAdd(baseUrl.AbsoluteUri, static (_, made) => new Lazy<HttpMessageInvoker>(() => made.self.CreatePool(made.baseUrl)), (self: this, baseUrl))
            .Value;

    private HttpMessageInvoker CreatePool(Uri baseUrl) =>
        inProcess.TryGetValue(baseUrl.Host, out var handler) ? new HttpMessageInvoker(handler, disposeHandler: false) : CreatePool();

    private HttpMessageInvoker CreatePool() => new(
        new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = options.PooledConnectionLifetime,
            MaxConnectionsPerServer = options.MaxConnectionsPerServer,
            MaxResponseHeadersLength = options.MaxResponseHeadersKilobytes,
            EnableMultipleHttp2Connections = true,
            // A connection that a NAT or firewall dropped silently would hang every stream on it until its idle limit.
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null, // the operator's trace ids are not sent to providers
            // An answer that is no longer needed must stop costing money: close the connection, do not drain it.
            MaxResponseDrainSize = 0,
            ResponseDrainTimeout = TimeSpan.Zero,
        },
        disposeHandler: true);
}

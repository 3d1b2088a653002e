using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// The only place where network exceptions become failures. Uses its own texts, because exception messages may contain hosts and addresses of the
/// operator's network.
/// </summary>
public static class TransportFailures
{
    /// <summary>Whether an exception is a network failure; any other exception is a bug and is not caught.</summary>
    public static bool IsTransport(Exception exception) => exception is HttpRequestException or IOException or OperationCanceledException;

    /// <summary>The failure of a send or read that threw.</summary>
    /// <param name="exception">The exception; <see cref="IsTransport"/> holds.</param>
    /// <param name="timeout">The class to report when the router's own deadline expired; null: it did not.</param>
    /// <param name="caller">The token given by the caller of the operation; when it is cancelled, it is the reason.</param>
    public static UpstreamFailure Of(Exception exception, FailureClass? timeout, CancellationToken caller)
    {
        if (caller.IsCancellationRequested) return UpstreamFailure.Observed(FailureClass.Cancelled, "cancelled");
        if (timeout is { } failureClass) return UpstreamFailure.Observed(failureClass, TimeoutText(failureClass));
        return exception switch
        {
            // This is how SocketsHttpHandler reports its ConnectTimeout.
            OperationCanceledException { InnerException: TimeoutException } =>
                UpstreamFailure.Observed(FailureClass.ConnectFailed, "no connection within the connect timeout"),
            HttpRequestException request => OfError(request.HttpRequestError),
            HttpIOException io => OfError(io.HttpRequestError),
            _ => UpstreamFailure.Observed(FailureClass.ConnectionReset, "the connection broke"),
        };
    }

    private static UpstreamFailure OfError(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => UpstreamFailure.Observed(FailureClass.ConnectFailed, "the host name does not resolve"),
        HttpRequestError.ConnectionError => UpstreamFailure.Observed(FailureClass.ConnectFailed, "the connection was refused or the host cannot be reached"),
        HttpRequestError.SecureConnectionError => UpstreamFailure.Observed(FailureClass.ConnectFailed, "the TLS handshake failed"),
        HttpRequestError.ProxyTunnelError => UpstreamFailure.Observed(FailureClass.ConnectFailed, "the proxy refused the tunnel"),
        HttpRequestError.VersionNegotiationError => UpstreamFailure.Observed(FailureClass.ConnectFailed, "no common HTTP version"),
        HttpRequestError.InvalidResponse => UpstreamFailure.Observed(FailureClass.MalformedAnswer, "the answer is not HTTP"),
        HttpRequestError.ConfigurationLimitExceeded => UpstreamFailure.Observed(FailureClass.MalformedAnswer, "the response headers exceed the limit"),
        HttpRequestError.ResponseEnded => UpstreamFailure.Observed(FailureClass.ConnectionReset, "the connection closed before the answer was complete"),
        _ => UpstreamFailure.Observed(FailureClass.ConnectionReset, "the connection broke"),
    };

    private static string TimeoutText(FailureClass failureClass) => failureClass switch
    {
        FailureClass.HeadersTimeout => "no response headers in time",
        FailureClass.FirstTokenTimeout => "no first token in time",
        FailureClass.IdleTimeout => "no data from the stream in time",
        _ => "no complete answer in time",
    };
}

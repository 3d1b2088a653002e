using EdgeRouter.Core.Health;
using EdgeRouter.Upstreams.Failures;

namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// The one place where exceptions of the network become failures. Texts are ours: exception messages may name hosts and addresses of the operator's
/// network.
/// </summary>
public static class TransportFailures
{
    /// <summary>Whether an exception is network trouble; any other is a bug and must fly on.</summary>
    public static bool IsTransport(Exception exception) => exception is HttpRequestException or IOException or OperationCanceledException;

    /// <summary>The failure of a send or read that threw.</summary>
    /// <param name="exception">What was thrown; <see cref="IsTransport"/> holds.</param>
    /// <param name="timeout">The class to give when the router's own deadline struck; null: no deadline was over.</param>
    /// <param name="caller">The token given by the caller of the operation; when it is cancelled, that is the reason.</param>
    public static UpstreamFailure Of(Exception exception, FailureClass? timeout, CancellationToken caller)
    {
        if (caller.IsCancellationRequested) return UpstreamFailure.Observed(FailureClass.Cancelled, "cancelled");
        if (timeout is { } failureClass) return UpstreamFailure.Observed(failureClass, TimeoutText(failureClass));
        return exception switch
        {
            // SocketsHttpHandler reports its own ConnectTimeout so.
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
        FailureClass.IdleTimeout => "the stream fell silent",
        _ => "not done in time",
    };
}

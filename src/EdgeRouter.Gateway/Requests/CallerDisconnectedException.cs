namespace EdgeRouter.Gateway.Requests;

/// <summary>The caller closed the connection before the request was complete; the request's token may be cancelled only later.</summary>
/// <param name="cause">The connection's exception; null: the caller stopped reading.</param>
internal sealed class CallerDisconnectedException(Exception? cause = null) : OperationCanceledException("The caller disconnected.", cause);

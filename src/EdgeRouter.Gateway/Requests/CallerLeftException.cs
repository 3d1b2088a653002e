namespace EdgeRouter.Gateway.Requests;

/// <summary>The caller closed the connection before the request was complete, which the request's token may say only later.</summary>
/// <param name="cause">What the connection threw; null: the caller stopped to read.</param>
internal sealed class CallerLeftException(Exception? cause = null) : OperationCanceledException("The caller left.", cause);

namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// A provider inside this process. Requests to its host go to it instead of to a connection pool; otherwise they are handled like all others.
/// Thread-safe.
/// </summary>
public abstract class InProcessHandler : HttpMessageHandler
{
    /// <summary>
    /// Host of the base URLs that reach it, in lower case. It ends with <c>.invalid</c>, which does not resolve: without the handler, requests fail
    /// instead of leaving the machine.
    /// </summary>
    public abstract string Host { get; }
}

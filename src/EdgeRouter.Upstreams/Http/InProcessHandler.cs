namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// A provider inside this process. Requests to its host go to it instead of to a connection pool; nothing else is different about them. Thread-safe.
/// </summary>
public abstract class InProcessHandler : HttpMessageHandler
{
    /// <summary>
    /// Host of the base URLs that reach it, in lower case. It ends with <c>.invalid</c>, which no resolver knows: where the handler is missing, requests
    /// fail instead of leaving the machine.
    /// </summary>
    public abstract string Host { get; }
}

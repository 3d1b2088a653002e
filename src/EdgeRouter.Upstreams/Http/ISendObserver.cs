namespace EdgeRouter.Upstreams.Http;

/// <summary>Called when a request begins to go out. Until then its connection is opened, and the provider knows nothing of it.</summary>
public interface ISendObserver
{
    /// <summary>The body goes out now. May be called again, when the request is sent over another connection. Must not throw.</summary>
    void Sending();
}

namespace EdgeRouter.Gateway.Attempts;

/// <summary>Called for each wait for a provider, so that the caller can be sent a keep-alive during it. Used by one stream.</summary>
internal interface IWaitObserver
{
    /// <summary>The stream starts to wait: until the wait ends nothing else is written to the caller by it.</summary>
    void Begin();

    /// <summary>The wait is over. Completes when the caller may be written to again.</summary>
    ValueTask EndAsync();
}

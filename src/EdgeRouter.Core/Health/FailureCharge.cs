namespace EdgeRouter.Core.Health;

/// <summary>
/// What a provider may charge for an attempt that failed after it was sent. Anything but <see cref="None"/> keeps the attempt's part of the hold and puts
/// a cost into the record.
/// </summary>
public enum FailureCharge
{
    /// <summary>Nothing: the request was not sent, or the provider answered that it did not serve it.</summary>
    None,

    /// <summary>The prompt: the provider may have read it, and does no further work.</summary>
    Prompt,

    /// <summary>
    /// The prompt, and the part of the answer that the provider may have generated until the router closed the connection, or all of it when the
    /// provider continues after that (<see cref="Catalog.Provider.AbortStopsBilling"/>).
    /// </summary>
    PromptAndAnswer,
}

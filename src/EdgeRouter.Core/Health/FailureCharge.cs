namespace EdgeRouter.Core.Health;

/// <summary>
/// What a provider may charge for an attempt that failed after it was sent. Anything but <see cref="None"/> keeps the attempt's part of the hold and puts
/// a cost into the record.
/// </summary>
public enum FailureCharge
{
    /// <summary>Nothing: the request was not sent, or the provider answered that it did not serve it.</summary>
    None,

    /// <summary>The prompt: the provider may have read it, and does no more work.</summary>
    Prompt,

    /// <summary>
    /// The prompt, and what the provider may have made of the answer until the router closed the connection, or to its end where it goes on after that
    /// (<see cref="Catalog.Provider.AbortStopsBilling"/>).
    /// </summary>
    PromptAndAnswer,
}

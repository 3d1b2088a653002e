namespace EdgeRouter.Emulators.ServiceBus.Faults;

/// <summary>How a client comes to miss the acknowledgement of what was done.</summary>
public enum AcknowledgementLoss
{
    /// <summary>The acknowledgement is not sent; the client waits for its own timeout.</summary>
    Silence,

    /// <summary>The connection breaks instead.</summary>
    Disconnection,
}

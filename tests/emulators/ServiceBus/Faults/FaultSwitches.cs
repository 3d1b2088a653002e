namespace EdgeRouter.Emulators.ServiceBus.Faults;

/// <summary>What goes wrong at present. Thread-safe.</summary>
internal sealed class FaultSwitches
{
    private readonly Lock gate = new();
    private volatile bool isSilent;
    private int losses;
    private AcknowledgementLoss kind;

    /// <summary>While true, nothing that arrives has any effect or answer.</summary>
    public bool IsSilent
    {
        get => isSilent;
        set => isSilent = value;
    }

    public void LoseAcknowledgements(int count, AcknowledgementLoss how)
    {
        lock (gate) (losses, kind) = (count, how);
    }

    /// <summary>Takes one of the losses ordered; null: this acknowledgement is sent.</summary>
    public AcknowledgementLoss? TakeLoss()
    {
        lock (gate)
        {
            if (losses == 0) return null;
            losses--;
            return kind;
        }
    }
}

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>An encoded record that waits for its message; the task completes when it was accepted.</summary>
internal sealed class PendingRecord(byte[] json) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public byte[] Json => json;
}

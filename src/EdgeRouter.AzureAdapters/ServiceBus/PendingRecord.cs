namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>An encoded record on its way into a message; the task completes when it was accepted.</summary>
internal sealed class PendingRecord(byte[] json) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public byte[] Json => json;
}

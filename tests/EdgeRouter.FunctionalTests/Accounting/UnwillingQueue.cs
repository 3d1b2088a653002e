using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.FunctionalTests.Accounting;

/// <summary>Stands before the router's usage queue. While it is away it says so, and keeps the records that come all the same waiting.</summary>
internal sealed class UnwillingQueue : IUsageQueue
{
    private readonly TaskCompletionSource failing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IUsageQueue? queue;
    private volatile bool away, full;
    private int waiting;

    public bool IsAway
    {
        set => away = value;
    }

    public bool IsFull
    {
        set => full = value;
    }

    /// <summary>Records that were handed over while it was away.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    public UsageQueueState State => away ? new UsageQueueState(new StorageUnavailableException("No space left in /secret/folder."), full) : queue!.State;

    public void Insert(IServiceCollection services)
    {
        var host = services.Last(service => service.ServiceType == typeof(IUsageQueue));
        services.AddSingleton<IUsageQueue>(provider =>
        {
            queue = (IUsageQueue)(host.ImplementationInstance ?? host.ImplementationFactory!(provider));
            return this;
        });
    }

    /// <summary>The records that wait are lost.</summary>
    public void Fail() => failing.SetException(new StorageUnavailableException("The queue was closed."));

    public void Announce(string id, string keyHash) => queue!.Announce(id, keyHash);

    public void Withdraw(string id) => queue!.Withdraw(id);

    public async ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        if (!away)
        {
            await queue!.EnqueueAsync(record, cancellationToken);
            return;
        }
        Withdraw(record.Id);
        Interlocked.Increment(ref waiting);
        await failing.Task.WaitAsync(cancellationToken);
    }
}

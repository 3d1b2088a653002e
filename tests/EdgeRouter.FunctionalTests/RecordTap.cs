using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.FunctionalTests;

/// <summary>Stands before the router's usage queue and sees every record, also those of callers who never learnt their generation's id.</summary>
internal sealed class RecordTap
{
    private readonly Lock gate = new();
    private readonly List<GenerationRecord> records = [];

    /// <summary>Records handed over so far, in order.</summary>
    public IReadOnlyList<GenerationRecord> Records
    {
        get
        {
            lock (gate) return [.. records];
        }
    }

    /// <summary>While set, records wait here on their way to the queue.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>Puts the tap before the queue that the host registered.</summary>
    public void Insert(IServiceCollection services)
    {
        var host = services.Last(service => service.ServiceType == typeof(IUsageQueue));
        services.AddSingleton<IUsageQueue>(provider =>
            new TappedQueue(this, (IUsageQueue)(host.ImplementationInstance ?? host.ImplementationFactory!(provider))));
    }

    /// <summary>The first record, waited for.</summary>
    public async Task<GenerationRecord> FirstAsync()
    {
        await Eventually.TrueAsync(() => Records.Count > 0, "a record to be handed over");
        return Records[0];
    }

    private sealed class TappedQueue(RecordTap tap, IUsageQueue queue) : IUsageQueue
    {
        public UsageQueueState State => queue.State;

        public void Announce(string id, string keyHash) => queue.Announce(id, keyHash);

        public void Withdraw(string id) => queue.Withdraw(id);

        public async ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default)
        {
            await tap.Hold;
            await queue.EnqueueAsync(record, cancellationToken);
            lock (tap.gate) tap.records.Add(record);
        }
    }
}

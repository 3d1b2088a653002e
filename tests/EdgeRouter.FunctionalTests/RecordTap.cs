using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;

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

    /// <summary>The queue with this tap before it.</summary>
    public IUsageQueue Before(IUsageQueue queue) => new TappedQueue(this, queue);

    /// <summary>The first record, waited for.</summary>
    public async Task<GenerationRecord> FirstAsync()
    {
        await Eventually.HoldsAsync(() => Records.Count > 0, "a record is handed over");
        return Records[0];
    }

    private sealed class TappedQueue(RecordTap tap, IUsageQueue queue) : IUsageQueue
    {
        public async ValueTask EnqueueAsync(GenerationRecord record, CancellationToken cancellationToken = default)
        {
            await queue.EnqueueAsync(record, cancellationToken);
            lock (tap.gate) tap.records.Add(record);
        }
    }
}

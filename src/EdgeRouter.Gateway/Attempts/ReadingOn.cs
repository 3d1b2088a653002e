using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// Permits to continue to read an answer after its caller left: where closing the connection does not stop the provider, only the end of the answer
/// reports what it costs. Bounded in number and in time, half of the number for one caller while another one needs some, and ended when the instance stops:
/// what is not read to its end is charged at the most that it may cost. Thread-safe; one per process.
/// </summary>
public sealed class ReadingOn(RouterSettings settings) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> byCaller = new(StringComparer.Ordinal);
    // The last caller for whom there was none, though it has less than half; until it has one, or all are free.
    private string? refused;
    private int reading;

    /// <summary>Longest time for one answer.</summary>
    public TimeSpan Limit => settings.Limits.ReadOn;

    /// <summary>Answers that are read on now.</summary>
    public int Count => Volatile.Read(ref reading);

    /// <summary>Cancelled when the instance stops.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Takes a permit; every one that was taken is given back by <see cref="Leave"/>. False: closing stops the provider, or too many read.</summary>
    /// <param name="provider">Whose answer it is.</param>
    /// <param name="callerId">Id of the caller: one cannot use up what the others need.</param>
    public bool TryEnter(Provider provider, string callerId)
    {
        if (provider.AbortStopsBilling is not false || Limit == TimeSpan.Zero || stopping.IsCancellationRequested) return false;
        var atOnce = settings.Limits.ReadOnAtOnce;
        lock (gate)
        {
            var own = byCaller.GetValueOrDefault(callerId);
            var hasHalf = own >= Math.Max(1, atOnce / 2);
            if (reading >= atOnce)
            {
                if (!hasHalf) refused = callerId;
                return false;
            }
            var isShared = byCaller.Count > (own > 0 ? 1 : 0) || (refused is not null && refused != callerId);
            if (isShared && hasHalf) return false;
            if (refused == callerId) refused = null;
            byCaller[callerId] = own + 1;
            reading++;
            return true;
        }
    }

    /// <summary>Gives a permit back.</summary>
    public void Leave(string callerId)
    {
        lock (gate)
        {
            if (--reading == 0) refused = null;
            if (byCaller[callerId] == 1) byCaller.Remove(callerId);
            else byCaller[callerId]--;
        }
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => stopping.CancelAsync();

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => stopping.Dispose();
}

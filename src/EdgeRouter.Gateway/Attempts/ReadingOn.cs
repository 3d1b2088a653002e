using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>
/// Permits to read an answer on after nobody waits for it any more: where closing the connection does not stop the provider, only the end of the answer
/// tells what it costs. Bounded in number and in time, and ended when the instance stops: what is not read to its end is estimated. Thread-safe; one per
/// process.
/// </summary>
public sealed class ReadingOn(RouterSettings settings) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private int reading;

    /// <summary>Longest time for one answer.</summary>
    public TimeSpan Limit => settings.Limits.ReadOn;

    /// <summary>Answers that are read on now.</summary>
    public int Count => Volatile.Read(ref reading);

    /// <summary>Cancelled when the instance stops.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Takes a permit; every one that was taken is given back by <see cref="Leave"/>. False: closing stops the provider, or too many read.</summary>
    public bool TryEnter(Provider provider)
    {
        if (provider.AbortStopsBilling is not false || Limit == TimeSpan.Zero || stopping.IsCancellationRequested) return false;
        if (Interlocked.Increment(ref reading) <= settings.Limits.ReadOnAtOnce) return true;
        Leave();
        return false;
    }

    /// <summary>Gives a permit back.</summary>
    public void Leave() => Interlocked.Decrement(ref reading);

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

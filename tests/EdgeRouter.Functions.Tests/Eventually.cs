using EdgeRouter.TestSupport;

namespace EdgeRouter.Functions.Tests;

/// <summary>Waits for other threads to get somewhere; fails after 30 real seconds, unless told otherwise.</summary>
internal static class Eventually
{
    /// <summary>Real time.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task TrueAsync(Func<bool> condition, string what = "the condition", TimeSpan? within = null) =>
        TrueAsync(() => ValueTask.FromResult(condition()), what, within);

    public static async Task TrueAsync(Func<ValueTask<bool>> condition, string what, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Limit);
        while (!await condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"Waited in vain for {what}.");
            await Task.Delay(1);
        }
    }

    /// <summary>Lets virtual time go by, in steps, until the task is complete.</summary>
    public static async Task<T> TickAsync<T>(this VirtualTimeProvider time, Task<T> task, double stepMilliseconds = 50, Func<bool>? hold = null)
    {
        await ((Task)task).TickAsync(time, stepMilliseconds, hold);
        return await task;
    }

    /// <summary>Lets virtual time go by, in steps, until the task is complete.</summary>
    public static Task TickAsync(this VirtualTimeProvider time, Task task, double stepMilliseconds = 50, Func<bool>? hold = null) =>
        task.TickAsync(time, stepMilliseconds, hold);

    /// <summary>
    /// Lets virtual time go by, in steps, until the condition holds; not while <paramref name="hold"/> says that something works in real time.
    /// </summary>
    public static async Task TickUntilAsync(this VirtualTimeProvider time, Func<bool> condition, double stepMilliseconds = 50, Func<bool>? hold = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException("Waited in vain for the condition.");
            if (hold?.Invoke() != true) time.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
            await Task.Delay(1);
        }
    }

    private static async Task TickAsync(this Task task, VirtualTimeProvider time, double stepMilliseconds, Func<bool>? hold)
    {
        await time.TickUntilAsync(() => task.IsCompleted, stepMilliseconds, hold);
        await task;
    }
}

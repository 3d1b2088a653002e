using System.Runtime.CompilerServices;

namespace EdgeRouter.TestSupport;

/// <summary>Waits for other threads and programs. Each wait has a limit in real time, and an error that says what was waited for.</summary>
public static class Eventually
{
    /// <summary>Real time.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>For what happens within a second; the rest is for a busy machine. The router's timeouts are far longer by default.</summary>
    public static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(4);

    /// <summary>Waits for the task; fails after the limit.</summary>
    /// <exception cref="TimeoutException">It is not complete by then.</exception>
    public static async Task InTimeAsync(this Task task, [CallerArgumentExpression(nameof(task))] string what = "", TimeSpan? within = null)
    {
        try
        {
            await task.WaitAsync(within ?? Limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw InVain(what);
        }
    }

    /// <summary>Waits for the task; fails after the limit.</summary>
    /// <exception cref="TimeoutException">It is not complete by then.</exception>
    public static async Task<T> InTimeAsync<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "", TimeSpan? within = null)
    {
        await ((Task)task).InTimeAsync(what, within);
        return await task;
    }

    /// <summary>Waits until the condition holds; fails after the limit.</summary>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? within = null) =>
        TrueAsync(() => ValueTask.FromResult(condition()), what, within);

    /// <summary>Waits until the condition holds; fails after the limit.</summary>
    public static async Task TrueAsync(Func<ValueTask<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "",
        TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Limit);
        while (!await condition().AsTask().InTimeAsync(what, within))
        {
            if (limit.IsCancellationRequested) throw InVain(what);
            await Task.Delay(1);
        }
    }

    /// <summary>Reads until there is something; fails after the limit.</summary>
    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> read, [CallerArgumentExpression(nameof(read))] string what = "") where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await read()) is not null, what);
        return found!;
    }

    /// <summary>Lets virtual time go by, in steps, until the task is complete.</summary>
    public static async Task<T> TickAsync<T>(this VirtualTimeProvider time, Task<T> task, double stepMilliseconds = 50, Func<bool>? hold = null,
        [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await time.TickAsync((Task)task, stepMilliseconds, hold, what);
        return await task;
    }

    /// <summary>Lets virtual time go by, in steps, until the task is complete.</summary>
    public static async Task TickAsync(this VirtualTimeProvider time, Task task, double stepMilliseconds = 50, Func<bool>? hold = null,
        [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await time.TickUntilAsync(() => task.IsCompleted, stepMilliseconds, hold, what);
        await task;
    }

    /// <summary>
    /// Lets virtual time go by, in steps, until the condition holds; not while <paramref name="hold"/> says that something works in real time.
    /// </summary>
    public static Task TickUntilAsync(this VirtualTimeProvider time, Func<bool> condition, double stepMilliseconds = 50, Func<bool>? hold = null,
        [CallerArgumentExpression(nameof(condition))] string what = "") =>
        time.TickUntilAsync(() => ValueTask.FromResult(condition()), stepMilliseconds, hold, what);

    /// <summary>
    /// Lets virtual time go by, in steps, until the condition holds; not while <paramref name="hold"/> says that something works in real time.
    /// </summary>
    public static Task TickUntilAsync(this VirtualTimeProvider time, Func<ValueTask<bool>> condition, double stepMilliseconds = 50,
        Func<bool>? hold = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(
            async () =>
            {
                if (await condition()) return true;
                if (hold?.Invoke() != true) time.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
                return false;
            },
            what);

    private static TimeoutException InVain(string what) => new($"Waited in vain for {what}.");
}

namespace EdgeRouter.TestSupport;

/// <summary>
/// Runs asynchronous code on the calling thread, in the order in which it becomes ready, and moves a virtual clock on when nothing is ready: with
/// seeded randomness every run is the same, and waits take no time.
/// </summary>
public sealed class VirtualThread : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> ready = [];
    private readonly int thread = Environment.CurrentManagedThreadId;

    private VirtualThread() { }

    /// <summary>Runs <paramref name="work"/> to its end. What it awaits must end by itself or by the clock.</summary>
    /// <exception cref="InvalidOperationException">It waits for something that neither the clock nor the code itself brings about.</exception>
    public static void Run(VirtualTimeProvider time, Func<Task> work)
    {
        var before = Current;
        var running = new VirtualThread();
        SetSynchronizationContext(running);
        try
        {
            var task = work();
            while (!task.IsCompleted)
            {
                if (running.ready.TryDequeue(out var next)) next.Callback(next.State);
                else if (!time.AdvanceToNext()) throw new InvalidOperationException("Nothing is left that could go on.");
            }
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        // Whatever goes to another thread in between would make runs differ.
        if (Environment.CurrentManagedThreadId != thread) throw new InvalidOperationException("The code under test left its thread.");
        ready.Enqueue((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);
}

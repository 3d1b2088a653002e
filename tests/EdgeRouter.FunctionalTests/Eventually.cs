namespace EdgeRouter.FunctionalTests;

/// <summary>Waits for something that happens elsewhere: by looking, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline) throw new TimeoutException($"It did not happen within {Deadline.TotalSeconds} s that {what}.");
            await Task.Delay(Pause);
        }
    }

    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> read, string what) where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await read() is { } value) return value;
            if (TimeProvider.System.GetElapsedTime(started) > Deadline) throw new TimeoutException($"It did not happen within {Deadline.TotalSeconds} s that {what}.");
            await Task.Delay(Pause);
        }
    }
}

namespace EdgeRouter.FunctionalTests;

/// <summary>Waits for something that happens elsewhere: by looking, with a deadline.</summary>
internal static class Eventually
{
    /// <summary>A second is meant; the rest is for a machine that does other things too. Every timeout of the router by default is far longer.</summary>
    public static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
                throw new TimeoutException($"It did not happen within {Deadline.TotalSeconds} s that {what}.");
            await Task.Delay(Pause);
        }
    }

    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> read, string what) where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await read() is { } value) return value;
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
                throw new TimeoutException($"It did not happen within {Deadline.TotalSeconds} s that {what}.");
            await Task.Delay(Pause);
        }
    }
}

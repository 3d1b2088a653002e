using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore;

namespace EdgeRouter.StoreProcess;

/// <summary>Writes until the process is killed, and prints what was acknowledged.</summary>
internal static class UntilKilled
{
    private static readonly Lock Gate = new();

    public static async Task CommitAsync(EmbeddedStoreOptions options, int writers, string round)
    {
        await using var store = EmbeddedTableStore.Open(options);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; ; number++)
            {
                var row = $"{round}-{writer}-{number}";
                // Two rows and a counter in one commit: half of a commit would show.
                var result = await store.CommitAsync("acknowledged", $"writer{writer}",
                [
                    TableChange.Insert(row, new Dictionary<string, object> { ["Number"] = number, ["Filler"] = new string('x', number % 200) }),
                    TableChange.Insert(row + "-twin", new Dictionary<string, object> { ["Number"] = number }),
                    TableChange.Upsert(round + "-latest", new Dictionary<string, object> { ["Number"] = number }),
                ]);
                if (result.Status != CommitStatus.Committed) throw new InvalidOperationException($"{row}: {result.Status}");
                Print(row);
            }
        })));
    }

    public static async Task EnqueueAsync(EmbeddedStoreOptions options, int writers)
    {
        await using var store = EmbeddedTableStore.Open(options);
        await using var queue = InProcessUsageQueue.Start(store, store.Inbox, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            var random = new Random();
            while (true)
            {
                var record = SampleRecord.Create(random);
                await queue.EnqueueAsync(record);
                Print(record.Id);
                // Somebody reads now and then, so that some are counted when the process is killed.
                if (random.Next(50) == 0) await queue.WaitForAsync(record.Id);
            }
        })));
    }

    private static void Print(string name)
    {
        lock (Gate)
        {
            Console.Out.WriteLine(name);
            Console.Out.Flush();
        }
    }
}

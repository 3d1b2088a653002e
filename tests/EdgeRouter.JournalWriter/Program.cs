// Writes to the store in the folder given until it is killed, and prints the name of each thing once it has been acknowledged.
// arguments: commits, folder, number of concurrent writers, name of the round (prefix of the row keys)    rows of tables
//            usage, folder, number of concurrent writers                                                  generation records, through the usage queue
using System.Globalization;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Core.Usage;

var (folder, writers) = (args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
await using var store = EmbeddedTableStore.Open(new EmbeddedStoreOptions { Folder = folder, FlushToDisk = false, MaxJournalBytes = 64 * 1024 });
var gate = new Lock();
if (args[0] == "commits")
{
    await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => CommitAsync(args[3], writer))));
}
else
{
    await using var queue = await InProcessUsageQueue.StartAsync(store, TimeProvider.System);
    await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(() => EnqueueAsync(queue))));
}

async Task CommitAsync(string round, int writer)
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
}

async Task EnqueueAsync(InProcessUsageQueue queue)
{
    var random = new Random();
    while (true)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = GenerationId.Create(now, random);
        await queue.EnqueueAsync(new GenerationRecord
        {
            Id = id,
            CreatedAt = now,
            Region = "local",
            KeyHash = "key1",
            ApiType = "chat",
            RequestedModel = "acme/one",
            Cost = new NanoDollars(1)
        });
        Print(id);
        // Somebody reads now and then, so that some are counted when the process is killed.
        if (random.Next(50) == 0) await queue.WaitForAsync(id);
    }
}

void Print(string name)
{
    lock (gate)
    {
        Console.Out.WriteLine(name);
        Console.Out.Flush();
    }
}

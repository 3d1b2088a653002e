// Commits rows to the store in the folder given until it is killed, and prints the name of each row once the store has acknowledged it.
// arguments: folder, name of the round (prefix of the row keys), number of concurrent writers
using System.Globalization;
using EdgeRouter.Core.Storage;

var (folder, round, writers) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
await using var store = EmbeddedTableStore.Open(new EmbeddedStoreOptions { Folder = folder, FlushToDisk = false, MaxJournalBytes = 64 * 1024 });
var gate = new Lock();
await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer))));

async Task WriteAsync(int writer)
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
        lock (gate)
        {
            Console.Out.WriteLine(row);
            Console.Out.Flush();
        }
    }
}

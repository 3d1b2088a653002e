using System.Globalization;
using Xunit;

namespace EdgeRouter.FuzzTests.Router;

/// <summary>The whole router on real sockets, between a caller and a provider that send anything: some ten thousand cases a minute.</summary>
public sealed class RouterTests
{
    private const int Workers = 4;

    [Fact]
    public async Task Every_case_is_answered_recorded_and_settled()
    {
        var unobserved = new List<Exception>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs thrown)
        {
            lock (unobserved) unobserved.Add(thrown.Exception);
        }
        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            // Threads of their own: what draws and shrinks does not await.
            var workers = Enumerable.Range(0, Workers).Select(worker => Task.Factory.StartNew(() => Work((ulong)worker), TaskCreationOptions.LongRunning));
            var cases = await Task.WhenAll(workers);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: router: {cases.Sum()} cases"));
        }
        finally
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            TaskScheduler.UnobservedTaskException -= Note;
        }
        Assert.Empty(unobserved);
    }

    private static int Work(ulong worker)
    {
        var router = FuzzedRouter.StartAsync().GetAwaiter().GetResult();
        try
        {
            var run = new FuzzRun<RouterCase>("router", random => new RandomCases(random).Next(), given => given.Smaller(),
                given => CaseCheck.RunAsync(router, given).GetAwaiter().GetResult());
            if (worker == 0)
                foreach (var file in FuzzCorpus.Read(FuzzCorpus.Cases, "router")) run.Replay(RouterCase.Parse(file.Bytes), file.Name);
            run.Draw(FuzzSettings.Time, FuzzSettings.Seed + worker * 7919, FuzzSettings.Saves ? Save : null);
            return run.Checked;
        }
        finally
        {
            router.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static string Save(RouterCase given) => FuzzCorpus.Save(FuzzCorpus.Cases, "router", given.ToJson(), "json");
}

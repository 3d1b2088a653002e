using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Usage;
using EdgeRouter.Emulators.FunctionsHost;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.Functions.Tests.Host;

/// <summary>The built app as a process of its own, started by the host as in Azure: nothing of it is replaced. Tables are Azurite's.</summary>
public sealed class OwnProcessTests(AzuriteFixture azurite)
{
    private static readonly string App = typeof(OwnProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static metadata => metadata.Key == "BuiltApp").Value!;

    /// <summary>Generous: the machine may be busy with other tests.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_app_serves_streams_ends_when_asked_and_its_records_are_in_the_tables()
    {
        using var journal = new TemporaryFolder();
        var log = new ConcurrentQueue<string>();
        // Nothing listens at the bus: records go to the journal, and into the tables when the process ends.
        const string Bus = "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true";
        var settings = RunningRouter.Settings(journal.Path, Bus).ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);
        settings["EdgeRouter__Storage"] = AzureTableStoreFactory.Prefix + azurite.ConnectionString;
        var options = new HostOptions
        {
            AppDirectory = Path.GetFullPath(App),
            Settings = settings,
            RunTriggers = false,
            OnLog = (level, line) => log.Enqueue($"{level} {line}"),
        };
        string id;
        await using (var host = await EmulatedHost.StartAsync(options))
        {
            await using var worker = WorkerProcess.Start(host, options, log.Enqueue);
            var exit = worker.Exit;
            Assert.True(await Task.WhenAny(host.Ready, exit, Task.Delay(Limit)) == host.Ready, "Not ready: " + string.Join('\n', log));
            await host.Ready;
            using var client = new HttpClient { BaseAddress = host.Address };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningRouter.InferenceKey);
            Assert.Equal("{\"status\":\"ok\",\"region\":\"westeurope\"}", await client.GetStringAsync(new Uri("/health", UriKind.Relative)));
            using var answer = await client.PostAsync(new Uri("/api/v1/chat/completions", UriKind.Relative), new StringContent(
                """{"model":"scripted/echo","stream":true,"messages":[{"role":"user","content":"Hello"}]}""", new MediaTypeHeaderValue("application/json")));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            id = answer.Headers.GetValues("X-Generation-Id").Single();
            host.TerminateWorker(TimeSpan.FromSeconds(10));
            Assert.Equal(0, await exit.WaitAsync(Limit));
        }
        var record = await new GenerationStore(AzureTableStoreFactory.Create(settings["EdgeRouter__Storage"])).FindAsync(id);
        Assert.True(record is { Status: 200, Streamed: true }, $"No record {id}: " + string.Join('\n', log));
    }
}

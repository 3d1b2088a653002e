using System.Net;
using System.Net.Http.Headers;
using Azure.Messaging.ServiceBus;
using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.Emulators.ServiceBus;
using EdgeRouter.Emulators.ServiceBus.Queues;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.Functions.Tests.Host;

/// <summary>The published app as a process of its own, with the real clients of both services: tables are Azurite's, the bus is the emulator's.</summary>
public sealed class PublishedAppTests : IClassFixture<PublishedApp>, IDisposable
{
    private readonly PublishedApp app;
    private readonly string storage;
    private readonly AzureTableStore tables;
    private readonly TemporaryFolder journal = new();

    /// <summary>Of the bus: locks end when a test says so.</summary>
    private readonly VirtualTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly ServiceBusEmulator bus;
    private readonly EmulatedQueue queue;

    public PublishedAppTests(PublishedApp app, AzuriteFixture azurite)
    {
        this.app = app;
        storage = AzureTableStoreFactory.Prefix + azurite.ConnectionString;
        tables = AzureTableStoreFactory.Create(storage);
        bus = new ServiceBusEmulator(clock);
        queue = bus.AddQueue("usage");
    }

    public void Dispose()
    {
        bus.Dispose();
        journal.Dispose();
    }

    [Fact]
    public async Task It_streams_its_records_come_through_the_bus_into_the_tables_its_timers_run_and_it_ends_when_asked()
    {
        await using var process = await AppProcess.StartAsync(app.Path, storage, bus.ConnectionString, journal,
            ("RollupSweepSchedule", "* * * * * *"), ("EdgeRouter__Limits__KeepAliveSeconds", "0.1"));
        Assert.Equal("{\"status\":\"ok\",\"region\":\"westeurope\"}", await process.Client.GetStringAsync(new Uri("/health", UriKind.Relative)));
        await process.Host.WarmUpAsync();

        using var answer = await ChatAsync(process, "scripted/echo");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync().InTimeAsync(within: AppProcess.Limit), StringComparison.Ordinal);
        string unfinished;
        using (var silent = await ChatAsync(process, "scripted/silent"))
        {
            unfinished = IdOf(silent);
            using var reader = new StreamReader(await silent.Content.ReadAsStreamAsync());
            // It arrives although the model never says a word.
            Assert.Equal(": OPENROUTER PROCESSING", await reader.NextLineAsync());
        }

        Assert.True(await RecordAsync(process, IdOf(answer)) is { Status: 200, Streamed: true, Cancelled: false });
        Assert.True((await RecordAsync(process, unfinished)).Cancelled);
        await UntilAsync(process, () => queue.Count == 0, "the messages to be completed");
        Assert.InRange(queue.Deliveries, 1, 2);
        await UntilAsync(process, IsYesterdaySweptAsync, "the roll-up timer");
        Assert.Equal(0, await process.EndAsync());
    }

    [Fact]
    public async Task A_message_that_a_process_held_when_it_crashed_is_written_once_by_the_next_one()
    {
        var record = Records.Plain(new Random(91), cost: 7, key: Guid.NewGuid().ToString("N"));
        await using (var client = new ServiceBusClient(bus.ConnectionString))
            await client.CreateSender("usage").SendMessageAsync(new ServiceBusMessage(UsageMessage.Pack([UsageMessage.EncodeRecord(record)])));
        // Nothing listens there: it keeps the message as long as it can.
        const string NoTables = "tables:DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:9/a";
        await using (var first = await AppProcess.StartAsync(app.Path, NoTables, bus.ConnectionString, journal))
        {
            await UntilAsync(first, () => queue.Locked == 1 && first.Host.RunningInvocations == 1, "the message to be received");
            await first.CrashAsync();
        }
        Assert.Equal((1, 1), (queue.Locked, queue.Deliveries));

        await using var second = await AppProcess.StartAsync(app.Path, storage, bus.ConnectionString, journal);
        clock.Advance(queue.Options.LockDuration);

        await UntilAsync(second, () => queue.Count == 0, "the message to be written");
        var total = (await new UsageTotals(tables, TimeProvider.System).ReadAsync(record.KeyHash)).AllTime;
        Assert.Equal((1, 7L, 2), (total.Requests, total.Cost.Value, queue.Deliveries));
    }

    [Fact]
    public async Task What_a_process_could_not_send_before_it_crashed_is_sent_by_the_next_one()
    {
        string id;
        await using (var first = await AppProcess.StartAsync(app.Path, storage, bus.ConnectionString, journal))
        {
            bus.IsAway = true;
            using var answer = await ChatAsync(first, "scripted/echo");
            Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync().InTimeAsync(within: AppProcess.Limit), StringComparison.Ordinal);
            id = IdOf(answer);
            await UntilAsync(first, () => first.Host.RunningInvocations == 0, "the record to be accepted");
            await first.CrashAsync();
        }
        bus.IsAway = false;

        await using var second = await AppProcess.StartAsync(app.Path, storage, bus.ConnectionString, journal);

        Assert.Equal(200, (await RecordAsync(second, id)).Status);
    }

    [Fact]
    public async Task Its_process_loads_nothing_of_MVC_and_collects_before_it_has_grown_with_the_cache_of_the_processor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var process = await AppProcess.StartAsync(app.Path, storage, bus.ConnectionString, journal);
        using (var answer = await ChatAsync(process, "scripted/echo")) await answer.Content.ReadAsStringAsync();

        var loaded = (await File.ReadAllLinesAsync($"/proc/{process.ProcessId}/maps")).Select(static line => Path.GetFileName(line)).Distinct().ToList();

        Assert.Contains("Microsoft.AspNetCore.Server.Kestrel.Core.dll", loaded);
        foreach (var part in (string[])["Mvc.Razor", "Mvc.ViewFeatures", "Components", "DataProtection"])
            Assert.DoesNotContain($"Microsoft.AspNetCore.{part}.dll", loaded);
        Assert.Contains("\"System.GC.Gen0MaxBudget\": 4194304", await File.ReadAllTextAsync(Path.Combine(app.Path, "EdgeRouter.Functions.runtimeconfig.json")),
            StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> ChatAsync(AppProcess process, string model) => process.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/api/v1/chat/completions")
        {
            Content = new StringContent($$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"Hello"}]}""",
                new MediaTypeHeaderValue("application/json")),
        },
        HttpCompletionOption.ResponseHeadersRead);

    private static string IdOf(HttpResponseMessage answer) => answer.Headers.GetValues("X-Generation-Id").Single();

    private static Task UntilAsync(AppProcess process, Func<bool> condition, string what) =>
        UntilAsync(process, () => ValueTask.FromResult(condition()), what);

    private static async Task UntilAsync(AppProcess process, Func<ValueTask<bool>> condition, string what)
    {
        try
        {
            await Eventually.TrueAsync(condition, what, AppProcess.Limit);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{error.Message}\n{process.Log}", error);
        }
    }

    private async Task<GenerationRecord> RecordAsync(AppProcess process, string id)
    {
        var store = new GenerationStore(tables);
        GenerationRecord? found = null;
        await UntilAsync(process, async () => (found = await store.FindAsync(id)) is not null, "the record " + id);
        return found!;
    }

    private async ValueTask<bool> IsYesterdaySweptAsync()
    {
        // The sweep takes a day for closed when it has been over for an hour.
        var row = UsageLayout.SweptRow(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().AddHours(-1).UtcDateTime).AddDays(-1));
        foreach (var partition in UsageLayout.Partitions)
            if (await tables.GetAsync(UsageLayout.Table, partition, row) is null) return false;
        return true;
    }
}

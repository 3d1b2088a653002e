using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using SQLitePCL;
using Xunit;

namespace EdgeRouter.FunctionalTests.Accounting;

/// <summary>Another process holds the lock of the store's file, as a backup does that was not told about the router.</summary>
public sealed class LockedStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Locked_file_refuses_requests_after_a_while_and_no_record_is_lost()
    {
        var path = Path.Combine(folder.Path, "store");
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", Stubs.OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync(("Storage", "file:" + path));
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(Path.Combine(path, "store.db"), out var intruder));
        CallerAnswer answer;
        using (intruder)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(intruder, "BEGIN IMMEDIATE"));

            answer = await environment.ChatAsync(stream: false);
            Assert.Equal("Hello", answer.Text);
            await Eventually.NotNullAsync(async () => await ReadinessAsync(environment) == 503 ? "" : null, "readiness to turn red");
            Assert.Equal(503, (await environment.ChatAsync(stream: true)).Status);
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_exec(intruder, "ROLLBACK"));
        }

        await Eventually.NotNullAsync(async () => await ReadinessAsync(environment) == 200 ? "" : null, "readiness to turn green");
        Assert.Equal(answer.GenerationId, (await environment.RecordAsync(answer.GenerationId))["id"]!.GetValue<string>());
        Assert.Single(environment["alpha"].Requests);
    }

    private static async Task<int> ReadinessAsync(TestEnvironment environment)
    {
        using var probe = await environment.Router.Client.GetAsync("/health/ready");
        return (int)probe.StatusCode;
    }
}

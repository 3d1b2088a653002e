using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Affinity;
using EdgeRouter.Core.Storage;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Failover;

/// <summary>Routing is never the cause of an outage: whatever of its knowledge fails, requests are answered in the plain order.</summary>
public sealed class RouterFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Statistics_that_fail_leave_the_plain_order_and_failover(bool stream)
    {
        await using var environment = new TestEnvironment();
        var clock = new FailingClock();
        await environment.AddAsync("alpha", OpenAIWire.Fails(500));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(services => services.AddSingleton(new HealthRegistry(clock, new Random(1))));
        await environment.ChatAsync(stream);
        clock.Fails = true;

        for (var i = 0; i < 5; i++)
        {
            var answer = await environment.ChatAsync(stream);
            Assert.True(answer.Status == 200, answer.Body);
            Assert.Equal("Hello from beta", answer.Text);
            Assert.Equal(2, answer.Attempts);
            Assert.Equal(stream, answer.IsDone);
        }
        Assert.True((await RouteAsync(environment))["health_ignored"]!.GetValue<bool>());

        clock.Fails = false;
        Assert.Equal("Hello from beta", (await environment.ChatAsync(stream)).Text);
        Assert.False((await RouteAsync(environment))["health_ignored"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Statistics_that_fail_cost_no_answer_where_another_endpoint_had_nothing_to_say(bool stream)
    {
        await using var environment = new TestEnvironment();
        var clock = new FailingClock();
        await environment.AddAsync("alpha", OpenAIWire.Says(""));
        await environment.AddAsync("beta", OpenAIWire.Says("Hello from beta"));
        await environment.StartRouterAsync(services => services.AddSingleton(new HealthRegistry(clock, new Random(1))));
        clock.Fails = true;

        var answer = await environment.ChatAsync(stream);

        Assert.True(answer.Status == 200, answer.Body);
        Assert.Equal(("Hello from beta", 2), (answer.Text, answer.Attempts));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Memory_of_conversations_that_fails_breaks_no_answer(bool stream)
    {
        await using var environment = new TestEnvironment();
        var clock = new FailingClock();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        var pricing = new JsonObject { ["prompt"] = "0.000001", ["completion"] = "0.000002", ["input_cache_read"] = "0.0000001" };
        environment.Catalog.AddModel(TestEnvironment.Model, [TestCatalog.Endpoint(alpha, more: new JsonObject { ["pricing"] = pricing })]);
        await environment.StartRouterAsync(services => services.AddSingleton(new PromptAffinity(clock)));
        clock.Fails = true;

        var answer = await environment.ChatAsync(stream, "\"session_id\":\"s\"");

        Assert.Equal("Hello", answer.Text);
        Assert.Equal("stop", answer.FinishReason);
        Assert.Equal(stream, answer.IsDone);
        Assert.Null(answer.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ordering_that_fails_is_replaced_by_the_default_one(bool stream)
    {
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync(services => services.AddSingleton<IEndpointOrdering, FailingOrdering>());

        Assert.Equal("Hello", (await environment.ChatAsync(stream, "\"provider\":{\"sort\":\"failing\"}")).Text);
    }

    [Fact]
    public async Task Shared_statistics_that_cannot_be_reached_or_read_are_done_without()
    {
        await using var environment = new TestEnvironment();
        var time = new VirtualTimeProvider();
        var store = new StoreWithoutHealth();
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            store.Insert(services);
        });

        for (var calls = 0; calls < 3; calls = store.Refused)
        {
            Assert.Equal("Hello", (await environment.ChatAsync(stream: false)).Text);
            time.Advance(TimeSpan.FromSeconds(11));
        }
        Assert.False((await RouteAsync(environment))["health_ignored"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Endpoints_that_a_reload_took_out_of_the_catalog_are_forgotten()
    {
        await using var environment = new TestEnvironment();
        var time = new VirtualTimeProvider();
        await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        await environment.StartRouterAsync(services => services.AddSingleton<TimeProvider>(time));
        await environment.ChatAsync(stream: false);
        var health = environment.Router.Services.GetRequiredService<HealthRegistry>();
        Assert.Single(health.All);

        var withoutModels = JsonNode.Parse(environment.Catalog.ToString())!.AsObject();
        withoutModels.Remove("models");
        await File.WriteAllTextAsync(environment.Router.CatalogFile!, withoutModels.ToJsonString());

        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(11));
            return !health.All.Any();
        }, "the endpoint's health to be forgotten");
    }

    private static async Task<JsonNode> RouteAsync(TestEnvironment environment)
    {
        using var response = await environment.Router.Client.PostAsJsonAsync("/api/v1/route", JsonNode.Parse(environment.Body(stream: false)));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!["data"]!;
    }

    private sealed class FailingClock : TimeProvider
    {
        private volatile bool fails;

        public bool Fails
        {
            get => fails;
            set => fails = value;
        }

        public override long GetTimestamp() => Fails ? throw new InvalidOperationException("The statistics are gone.") : base.GetTimestamp();
    }

    private sealed class FailingOrdering : IEndpointOrdering
    {
        public string Name => "failing";

        public void Order(Span<Endpoint> endpoints, in OrderingContext context) => throw new InvalidOperationException("This ordering has a bug.");
    }

    /// <summary>The host's store, but for the table of shared statistics.</summary>
    private sealed class StoreWithoutHealth : ITableStore
    {
        private ITableStore? store;
        private int refused;

        public int Refused => Volatile.Read(ref refused);

        public void Insert(IServiceCollection services)
        {
            store = (ITableStore)services.Last(service => service.ServiceType == typeof(ITableStore)).ImplementationInstance!;
            services.AddSingleton<ITableStore>(this);
        }

        public ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default) =>
            Of(table).GetAsync(table, partition, row, cancellationToken);

        public ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default) =>
            Of(table).QueryAsync(table, partition, range, limit, continuation, cancellationToken);

        public ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default) =>
            Of(table).CommitAsync(table, partition, changes, cancellationToken);

        private ITableStore Of(string table)
        {
            if (table != "health") return store!;
            Interlocked.Increment(ref refused);
            throw new StorageUnavailableException("The store of statistics is away.");
        }
    }
}

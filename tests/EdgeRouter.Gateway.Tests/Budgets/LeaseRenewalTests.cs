using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Budgets;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Budgets;

/// <summary>The end of an instance that holds leases.</summary>
public sealed class LeaseRenewalTests
{
    private static readonly BudgetLimit Limit = new(BudgetLevel.Key, "8f14e45fceea167a5a36dedd4bea2543", new NanoDollars(1_000_000), BudgetReset.Never);
    private readonly StuckStore store = new();
    private readonly VirtualTimeProvider time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Host_ends_in_order_whether_or_not_the_ledger_takes_the_leases_back(bool stuck)
    {
        var options = new BudgetOptions();
        var holds = new BudgetHolds(store, options, time, null, new Random(1));
        var renewal = new LeaseRenewal(holds, options, time, NullLogger<LeaseRenewal>.Instance);
        await renewal.StartAsync(CancellationToken.None);
        var (hold, _) = await holds.OpenAsync([Limit], new NanoDollars(100), CancellationToken.None);
        hold.Settle(new NanoDollars(60));
        store.IsStuck = stuck;

        await renewal.StopAsync(new CancellationToken(canceled: stuck));

        store.IsStuck = false;
        var leases = await store.QueryAsync(BudgetLedger.Table, BudgetLedger.PartitionOf(Limit), new RowRange("lease:", "lease;"));
        Assert.Equal(stuck ? 1 : 0, leases.Rows.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_that_end_while_the_host_stops_are_reported_whichever_of_them_stops_first(bool serverStopsFirst)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var holds = new BudgetHolds(store, new BudgetOptions(), time, null, new Random(1));
        builder.Services.AddSingleton(holds).AddSingleton(new BudgetOptions()).AddSingleton<TimeProvider>(time).AddSingleton<Server>();
        // Hosts stop in reverse order.
        if (!serverStopsFirst) builder.Services.AddHostedService(static provider => provider.GetRequiredService<Server>());
        builder.Services.AddHostedService<LeaseRenewal>();
        if (serverStopsFirst) builder.Services.AddHostedService(static provider => provider.GetRequiredService<Server>());
        using var host = builder.Build();
        await host.StartAsync();

        await host.StopAsync();

        var window = await store.GetAsync(BudgetLedger.Table, BudgetLedger.PartitionOf(Limit), "window:" + BudgetPeriod.Of(Limit.Reset, time.GetUtcNow()).Name);
        Assert.Equal((90L, 0L), (window!.Properties["Spent"], window.Properties["Leased"]));
        var leases = await store.QueryAsync(BudgetLedger.Table, BudgetLedger.PartitionOf(Limit), new RowRange("lease:", "lease;"));
        Assert.Empty(leases.Rows);
    }

    /// <summary>Has a request under way when it is told to stop, and takes one more before it does.</summary>
    private sealed class Server(BudgetHolds holds) : IHostedService
    {
        private BudgetHold? underWay;

        public async Task StartAsync(CancellationToken cancellationToken) => underWay = await OpenAsync();

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            var last = await OpenAsync();
            last.Settle(new NanoDollars(30));
            underWay!.Settle(new NanoDollars(60));
        }

        private async Task<BudgetHold> OpenAsync()
        {
            var (hold, refusal) = await holds.OpenAsync([Limit], new NanoDollars(100), CancellationToken.None);
            return refusal is null ? hold : throw new InvalidOperationException($"Refused: {refusal}");
        }
    }

    /// <summary>A store whose answers can be withheld.</summary>
    private sealed class StuckStore : ITableStore
    {
        private readonly MemoryTableStore inner = new MemoryTableStore();

        public bool IsStuck { get; set; }

        public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
        {
            await WaitAsync(cancellationToken);
            return await inner.GetAsync(table, partition, row, cancellationToken);
        }

        public async ValueTask<TablePage> QueryAsync(string table, string partition, RowRange range, int limit = 1000, string? continuation = null,
            CancellationToken cancellationToken = default)
        {
            await WaitAsync(cancellationToken);
            return await inner.QueryAsync(table, partition, range, limit, continuation, cancellationToken);
        }

        public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
            CancellationToken cancellationToken = default)
        {
            await WaitAsync(cancellationToken);
            return await inner.CommitAsync(table, partition, changes, cancellationToken);
        }

        private Task WaitAsync(CancellationToken cancellationToken) => IsStuck ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask;
    }
}

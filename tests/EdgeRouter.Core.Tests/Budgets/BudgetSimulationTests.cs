using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>
/// Several instances over one ledger and a bad line: random holds, extensions, settlements, deaths, clock jumps, outages, writes that land late or
/// that their store disowns. At no moment may what was spent and what is in flight exceed a limit; in the end the ledger must know every nano-dollar.
/// </summary>
public sealed class BudgetSimulationTests
{
    private const int Runs = 400;
    private const int Steps = 250;

    [Fact]
    public async Task Nothing_that_happens_lets_the_instances_spend_more_than_the_budget()
    {
        var (granted, refused, conflicts, forfeited) = (0, 0, 0, 0L);
        for (var seed = 0; seed < Runs; seed++)
        {
            var run = new Run(seed, deaths: true);
            await run.PlayAsync(Steps);
            forfeited += await run.CheckEndAsync();
            granted += run.Granted;
            refused += run.Refused;
            conflicts += run.Conflicts;
        }
        // The runs went through what they are about.
        Assert.True(granted > Runs * 20, $"{granted} granted");
        Assert.True(refused > Runs * 5, $"{refused} refused");
        Assert.True(conflicts > Runs, $"{conflicts} conflicts");
        Assert.True(forfeited > 0);
    }

    [Fact]
    public async Task Without_deaths_the_ledger_is_right_to_the_nano_dollar_whatever_the_line_does()
    {
        for (var seed = 0; seed < Runs; seed++)
        {
            var run = new Run(seed, deaths: false);
            await run.PlayAsync(Steps);
            Assert.Equal(0, await run.CheckEndAsync());
            await run.CheckLedgerIsExactAsync();
        }
    }

    [Fact]
    public async Task Whatever_is_served_without_the_ledger_is_counted_in_the_end()
    {
        var (beyond, swept) = (0, 0L);
        for (var seed = 0; seed < Runs; seed++)
        {
            var run = new Run(seed, deaths: false, serveWithoutLedger: true);
            await run.PlayAsync(Steps);
            swept += await run.CheckEndAsync();
            if (run.IsBeyond) beyond++;
        }
        // The runs went through what they are about.
        Assert.True(beyond > Runs / 10, $"{beyond} runs passed a limit");
        Assert.True(swept > 0);
    }

    private sealed record Flight(BudgetHold Hold, BudgetHolds Instance, (BudgetLimit Limit, string Period)[] Periods)
    {
        public long Total { get; set; }
    }

    private sealed class Run
    {
        private readonly Random random;
        private readonly BudgetFixture fixture;
        private readonly BudgetLimit[] limits;
        private readonly bool deaths, serveWithoutLedger;
        private readonly BudgetHolds[] instances;
        private readonly List<BudgetHolds> ended = [];
        private readonly List<Flight> flights = [];
        private readonly Dictionary<(BudgetLimit Limit, string Period), long> spent = [];
        private long forfeited;

        public Run(int seed, bool deaths, bool serveWithoutLedger = false)
        {
            random = new Random(seed);
            fixture = new BudgetFixture(seed) { Options = new BudgetOptions { LeaseShare = random.Next(1, 6) / 10d, ServeWithoutLedger = serveWithoutLedger } };
            (this.deaths, this.serveWithoutLedger) = (deaths, serveWithoutLedger);
            fixture.Store.Contention = random.Next(3) * 0.2;
            limits = [BudgetFixture.Key(random.Next(50, 2000), BudgetReset.Daily), BudgetFixture.Account(random.Next(50, 3000))];
            instances = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => fixture.Instance())];
        }

        public int Granted { get; private set; }

        public int Refused { get; private set; }

        /// <summary>Whether more was spent than a limit allows.</summary>
        public bool IsBeyond => spent.Any(each => each.Value > each.Key.Limit.Amount.Value);

        public int Conflicts => fixture.Store.Conflicts;

        public async Task PlayAsync(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                await StepAsync();
                Check();
            }
        }

        /// <summary>Lets everything end in order, then checks. Returns what was forfeited.</summary>
        public async Task<long> CheckEndAsync()
        {
            fixture.Store.Faults = 0;
            for (var i = 0; i < 1000; i++) await fixture.Store.LandOneAsync();
            while (flights.Count > 0) Settle(flights[^1]);
            // Past what is remembered of outages.
            fixture.Time.Advance(TimeSpan.FromSeconds(10));
            foreach (var instance in ended.Concat(instances)) await instance.ReleaseAsync();
            Check();
            fixture.Time.Advance(fixture.Options.LeaseLifetime + BudgetSweep.Grace + TimeSpan.FromSeconds(1));
            await SweepAsync();
            foreach (var ((limit, period), real) in spent)
            {
                var (recorded, leased) = await fixture.LedgerAsync(limit, period);
                Assert.Equal(0, leased);
                // Of what is in flight beyond a lease that is forfeited the ledger gets the most that it may cost.
                Assert.InRange(recorded, real, serveWithoutLedger ? long.MaxValue : Math.Min(real + forfeited, limit.Amount.Value));
            }
            foreach (var limit in limits) Assert.Equal(0, await fixture.LeaseCountAsync(limit));
            return forfeited;
        }

        public async Task CheckLedgerIsExactAsync()
        {
            foreach (var ((limit, period), real) in spent) Assert.Equal(real, (await fixture.LedgerAsync(limit, period)).Spent);
        }

        private async Task StepAsync()
        {
            var index = random.Next(instances.Length);
            switch (random.Next(24))
            {
                case < 8:
                    await OpenAsync(index);
                    break;
                case < 10 when flights.Count > 0:
                    await ExtendAsync(Any());
                    break;
                case < 16 when flights.Count > 0:
                    Settle(Any());
                    break;
                case < 18:
                    await instances[index].RenewAsync();
                    break;
                case 18:
                    await instances[index].ReleaseAsync();
                    // Its requests go on beside its successor, or new ones still come to it.
                    if (random.Next(4) != 0) Replace(index);
                    break;
                case 19:
                    fixture.Store.Faults = random.Next(3) * 0.25;
                    break;
                case 20:
                    await fixture.Store.LandOneAsync();
                    break;
                case 21:
                    fixture.Time.Advance(TimeSpan.FromSeconds(random.Next(600)));
                    break;
                case 22:
                    fixture.Time.Advance(TimeSpan.FromHours(random.Next(9)));
                    break;
                case 23 when deaths || serveWithoutLedger:
                    if (deaths && random.Next(2) == 0) Die(index);
                    else await SweepAsync();
                    break;
            }
        }

        private async Task OpenAsync(int index)
        {
            var now = fixture.Time.GetUtcNow();
            var amount = random.Next(1, 60);
            var (hold, refusal) = await instances[index].OpenAsync(limits, new NanoDollars(amount), CancellationToken.None);
            if (refusal is null)
            {
                Granted++;
                flights.Add(new Flight(hold, instances[index], [.. limits.Select(limit => (limit, BudgetPeriod.Of(limit.Reset, now).Name))])
                {
                    Total = amount
                });
                return;
            }
            Refused++;
            Assert.True(hold.Settle(NanoDollars.Zero));
        }

        private async Task ExtendAsync(Flight flight)
        {
            var amount = random.Next(1, 40);
            if (await flight.Hold.CoverAsync(new NanoDollars(amount), CancellationToken.None) is null) flight.Total += amount;
            Assert.Equal(flight.Total, flight.Hold.Total.Value);
        }

        private void Settle(Flight flight)
        {
            var cost = random.NextInt64(flight.Total + 1);
            Assert.True(flight.Hold.Settle(new NanoDollars(cost)));
            Assert.False(flight.Hold.Settle(new NanoDollars(cost)));
            End(flight, cost);
        }

        /// <summary>The process is gone. Its providers charge what they like of what was in flight.</summary>
        private void Die(int index)
        {
            foreach (var flight in flights.Where(flight => flight.Instance == instances[index]).ToArray()) End(flight, random.NextInt64(flight.Total + 1));
            instances[index] = fixture.Instance();
        }

        private void Replace(int index)
        {
            ended.Add(instances[index]);
            instances[index] = fixture.Instance();
        }

        private async Task SweepAsync()
        {
            var disowned = fixture.Store.Disowned;
            try
            {
                forfeited += (await fixture.Sweep().SweepAsync(limits)).Value;
                if (fixture.Store.Disowned == disowned) return;
            }
            catch (StorageUnavailableException)
            {
                // See below.
            }
            // What it did before that, or whether its last write landed, it cannot say: from here on any amount may have been forfeited.
            forfeited += limits.Sum(limit => limit.Amount.Value);
        }

        private void End(Flight flight, long cost)
        {
            flights.Remove(flight);
            foreach (var period in flight.Periods) spent[period] = spent.GetValueOrDefault(period) + cost;
        }

        private void Check()
        {
            if (serveWithoutLedger) return;
            var sums = new Dictionary<(BudgetLimit Limit, string Period), long>(spent);
            foreach (var flight in flights)
                foreach (var period in flight.Periods) sums[period] = sums.GetValueOrDefault(period) + flight.Total;
            foreach (var ((limit, _), sum) in sums) Assert.True(sum <= limit.Amount.Value, $"{sum} of {limit.Amount.Value}");
        }

        private Flight Any() => flights[random.Next(flights.Count)];
    }
}

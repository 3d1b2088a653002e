using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Core.Tests.Budgets;

/// <summary>
/// A hundred instances whose writes meet at one ledger that takes 2 to 10 ms an operation, on a virtual clock. At no moment may what was spent and what
/// is in flight exceed the limit, conflicts must not look like a ledger that is away, and every wait and the number of tries are bounded.
/// </summary>
public sealed class BudgetStormTests
{
    private const int Instances = 100;
    private const long Amount = 700;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    /// <summary>A request's wait, with the operations that were under way when it was over.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5.1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Last_money_of_a_budget_is_spent_and_what_cannot_be_had_is_refused_as_exhausted(int seed)
    {
        var storm = new Storm(seed, limit: 200 * Amount);
        storm.Run();

        Assert.Equal(0, storm.Refused(BudgetRefusalReason.LedgerUnreachable));
        Assert.Empty(storm.Faults);
        Assert.True(storm.Refused(BudgetRefusalReason.Exhausted) > 0);
        Assert.InRange(storm.Spent, 199 * Amount, 200 * Amount);
        Assert.InRange(storm.Slowest, TimeSpan.Zero, LongestWait);
        Assert.True(storm.Conflicts > Instances, $"{storm.Conflicts} conflicts");
    }

    [Fact]
    public void Ledger_that_never_takes_a_write_is_asked_a_few_times_and_then_left_alone()
    {
        var storm = new Storm(seed: 4, limit: 50 * Amount);
        storm.Contention = 1;
        storm.Run();

        // The first write makes the row, and what it leased is spent.
        Assert.InRange(storm.Granted, 0, 10);
        Assert.Equal(0, storm.Refused(BudgetRefusalReason.LedgerUnreachable));
        Assert.InRange(storm.Slowest, TimeSpan.FromSeconds(1), LongestWait);
        // Twelve tries with their pauses take more than a second, and the pause after them is one.
        Assert.InRange(storm.Tries, Instances, Instances * BudgetLease.MaxConflicts * Duration.TotalSeconds / 2);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Instances_that_all_start_at_once_get_their_leases_while_plenty_is_left(int seed)
    {
        var storm = new Storm(seed, limit: 10_000_000 * Amount);
        storm.Run();

        Assert.Equal(0, storm.RefusedInAll);
        Assert.Empty(storm.Faults);
        Assert.InRange(storm.Slowest, TimeSpan.Zero, LongestWait);
    }

    private sealed class Storm
    {
        private readonly Random random;
        private readonly BudgetFixture fixture;
        private readonly BudgetLimit limit;
        private readonly Dictionary<BudgetRefusalReason, int> refused = [];
        private long held;

        public Storm(int seed, long limit)
        {
            random = new Random(seed);
            fixture = new BudgetFixture(seed) { Pauses = random };
            fixture.Store.Delay = () => Task.Delay(Milliseconds(2, 10), fixture.Time);
            this.limit = BudgetFixture.Key(limit);
        }

        public double Contention
        {
            set => fixture.Store.Contention = value;
        }

        public List<Exception> Faults => fixture.Faults;

        public int Granted { get; private set; }

        public long Spent { get; private set; }

        public TimeSpan Slowest { get; private set; }

        public int Tries => fixture.Store.Commits;

        public int Conflicts => fixture.Store.Conflicts;

        public int RefusedInAll => refused.Values.Sum();

        public int Refused(BudgetRefusalReason reason) => refused.GetValueOrDefault(reason);

        /// <summary>Every instance serves one request after another, and renews its leases in between.</summary>
        public void Run() => VirtualThread.Run(fixture.Time, async () =>
        {
            var end = fixture.Time.GetUtcNow() + Duration;
            await Task.WhenAll(Enumerable.Range(0, Instances).Select(_ => ServeAsync(fixture.Instance(), end)));
            var (recorded, leased) = await fixture.LedgerAsync(limit);
            Assert.True(recorded + leased <= limit.Amount.Value, $"{recorded} spent and {leased} leased of {limit.Amount.Value}");
        });

        private async Task ServeAsync(BudgetHolds instance, DateTimeOffset end)
        {
            for (var count = 1; fixture.Time.GetUtcNow() < end; count++)
            {
                var asked = fixture.Time.GetTimestamp();
                var (hold, refusal) = await instance.OpenAsync([limit], new NanoDollars(Amount), CancellationToken.None);
                Note(fixture.Time.GetElapsedTime(asked), refusal);
                if (refusal is null)
                {
                    await Task.Delay(Milliseconds(50, 500), fixture.Time);
                    var cost = random.NextInt64(Amount + 1);
                    held -= Amount;
                    Spent += cost;
                    hold.Settle(new NanoDollars(cost));
                }
                else await Task.Delay(Milliseconds(50, 500), fixture.Time);
                if (count % 20 == 0) await instance.RenewAsync();
            }
            await instance.ReleaseAsync();
        }

        private void Note(TimeSpan waited, BudgetRefusal? refusal)
        {
            if (waited > Slowest) Slowest = waited;
            if (refusal is not null)
            {
                refused[refusal.Reason] = refused.GetValueOrDefault(refusal.Reason) + 1;
                return;
            }
            Granted++;
            held += Amount;
            Assert.True(Spent + held <= limit.Amount.Value, $"{Spent} spent and {held} in flight of {limit.Amount.Value}");
        }

        private TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(least + (most - least) * random.NextDouble());
    }
}

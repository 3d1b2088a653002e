using EdgeRouter.Core.Governance.Audit;
using EdgeRouter.EmbeddedStore.Memory;
using Xunit;

namespace EdgeRouter.Core.Tests.Governance;

public sealed class AuditLogTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Events_of_a_day_are_read_in_order_with_their_details()
    {
        var log = new AuditLog(new MemoryTableStore());
        await log.AppendAsync(new AuditEvent(Noon.AddSeconds(1), "hash", "second", "b"), cancellationToken: TestContext.Current.CancellationToken);
        await log.AppendAsync(new AuditEvent(Noon, "hash", "first", "acme/one@alpha")
        {
            Details = new Dictionary<string, string>(StringComparer.Ordinal) { ["amount"] = "-1.5" },
        }, cancellationToken: TestContext.Current.CancellationToken);
        await log.AppendAsync(new AuditEvent(Noon.AddDays(1), "hash", "tomorrow", "c"), cancellationToken: TestContext.Current.CancellationToken);

        var events = await ReadNoonsDayAsync(log);

        Assert.Equal(["first", "second"], events.Select(entry => entry.Action));
        Assert.Equal((Noon, "hash", "acme/one@alpha"), (events[0].At, events[0].Actor, events[0].Target));
        Assert.Equal("-1.5", events[0].Details["amount"]);
    }

    [Fact]
    public async Task Events_of_the_same_moment_are_all_kept()
    {
        var log = new AuditLog(new MemoryTableStore());
        for (var i = 0; i < 50; i++)
            await log.AppendAsync(new AuditEvent(Noon, "hash", "act", $"{i}"), cancellationToken: TestContext.Current.CancellationToken);

        var events = await ReadNoonsDayAsync(log);

        Assert.Equal(50, events.Select(entry => entry.Target).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Event_with_a_name_is_appended_once()
    {
        var log = new AuditLog(new MemoryTableStore());
        for (var i = 0; i < 3; i++) await log.AppendAsync(new AuditEvent(Noon, $"actor {i}", "act", "x"), "name", TestContext.Current.CancellationToken);

        Assert.Equal("actor 0", Assert.Single(await ReadNoonsDayAsync(log)).Actor);
    }

    [Fact]
    public async Task Detail_that_is_too_long_is_refused_before_anything_is_written()
    {
        var log = new AuditLog(new MemoryTableStore());
        var entry = new AuditEvent(Noon, "hash", "act", "x")
        {
            Details = new Dictionary<string, string>(StringComparer.Ordinal) { ["reason"] = new('x', 1001) },
        };

        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync(entry, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Empty(await ReadNoonsDayAsync(log));
    }

    private static async Task<List<AuditEvent>> ReadNoonsDayAsync(AuditLog log)
    {
        var stop = TestContext.Current.CancellationToken;
        return await log.ReadDayAsync(DateOnly.FromDateTime(Noon.UtcDateTime), stop).ToListAsync(stop);
    }
}

using EdgeRouter.StandIns.Functions;
using EdgeRouter.TestSupport;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.Functions.Tests.StandIns;

public sealed class TimerTests
{
    [Theory]
    [InlineData("0 */5 * * * *", "2026-11-20T08:00:00Z", "2026-11-20T08:05:00Z")]
    [InlineData("*/10 * * * * *", "2026-11-20T08:00:09.9Z", "2026-11-20T08:00:10Z")]
    [InlineData("0 30 2 * * 1-5", "2026-11-20T08:00:00Z", "2026-11-23T02:30:00Z")]
    [InlineData("15,45 0 0 1 1 *", "2026-11-20T08:00:00Z", "2027-01-01T00:00:15Z")]
    [InlineData("0 0 12/6 * * *", "2026-11-20T13:00:00Z", "2026-11-20T18:00:00Z")]
    public void A_schedule_is_next_due_when_all_fields_agree(string schedule, string after, string due) =>
        Assert.Equal(DateTimeOffset.Parse(due), NcrontabSchedule.Parse(schedule).Next(DateTimeOffset.Parse(after)));

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("a * * * * *")]
    [InlineData("0 0 0 0 * *")]
    public void What_is_no_schedule_is_refused(string schedule) => Assert.Throws<FormatException>(() => NcrontabSchedule.Parse(schedule));

    [Fact]
    public async Task A_timer_function_runs_on_its_schedule_with_what_it_asks_for()
    {
        var time = new VirtualTimeProvider();
        var runs = new TimerFunction.Runs();
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.ConfigureFunctionsWebApplication();
        builder.Configuration.AddInMemoryCollection([new("urls", "http://127.0.0.1:0")]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton(runs);
        using var host = builder.Build();
        await host.StartAsync();
        await Eventually.TrueAsync(() => time.PendingTimers == 1);
        time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.TrueAsync(() => runs.Infos.Count == 1);
        Assert.False(runs.Infos[0].IsPastDue);
        Assert.Equal(new DateTime(2026, 11, 20, 8, 10, 0, DateTimeKind.Utc), runs.Infos[0].ScheduleStatus!.Next);
        await Eventually.TrueAsync(() => time.PendingTimers == 1);
        time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.TrueAsync(() => runs.Infos.Count == 2);
        await host.StopAsync();
    }
}

/// <summary>The only function of this assembly.</summary>
public sealed class TimerFunction(TimerFunction.Runs runs)
{
    [Function("tick")]
    public void Run([TimerTrigger("0 */5 * * * *")] TimerInfo info, FunctionContext context)
    {
        Assert.Equal("tick", context.FunctionDefinition.Name);
        lock (runs.Infos) runs.Infos.Add(info);
    }

    public sealed class Runs
    {
        public List<TimerInfo> Infos { get; } = [];
    }
}

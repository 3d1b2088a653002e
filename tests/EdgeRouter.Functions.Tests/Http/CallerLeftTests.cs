using System.Collections.Concurrent;
using EdgeRouter.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

/// <summary>The words by which the alert on failing requests (infra/modules/failing-requests.kql) knows a caller who left.</summary>
public sealed class CallerLeftTests
{
    private const string Words = "The caller left";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_leaves_is_told_whether_or_not_the_answer_has_begun(bool begun)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await Server.StartAsync(async context =>
        {
            if (begun) await context.Response.Body.FlushAsync();
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var client = new HttpClient();
        using var leaving = new CancellationTokenSource();
        var asking = client.GetAsync(server.Address, HttpCompletionOption.ResponseHeadersRead, leaving.Token);
        await arrived.Task.InTimeAsync();
        if (begun) (await asking.InTimeAsync()).Dispose();
        await leaving.CancelAsync();
        if (!begun) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.InTimeAsync());
        await server.Ended.InTimeAsync();
        Assert.StartsWith(Words, Assert.Single(server.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invocation_that_the_host_cancels_first_is_told_too()
    {
        using var invocation = new CancellationTokenSource();
        await using var server = await Server.StartAsync(async context =>
        {
            await invocation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }, invocation.Token);
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server.Address));
        await server.Ended.InTimeAsync();
        Assert.StartsWith(Words, Assert.Single(server.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_stays_is_not_told()
    {
        await using var server = await Server.StartAsync(static context => context.Response.WriteAsync("an answer"));
        using var client = new HttpClient();
        await client.GetStringAsync(server.Address);
        await server.Ended.InTimeAsync();
        Assert.Empty(server.Told);
    }

    [Fact]
    public async Task An_error_of_the_gateway_stays_a_failure_when_its_caller_leaves()
    {
        using var invocation = new CancellationTokenSource();
        await using var server = await Server.StartAsync(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsync("an error");
            await invocation.CancelAsync();
        }, invocation.Token);
        using var client = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(server.Address));
        await server.Ended.InTimeAsync();
        Assert.Empty(server.Told);
    }

    /// <summary>The function behind a web server, as the worker has it, with another request pipeline than the gateway's.</summary>
    private sealed class Server(WebApplication app, TaskCompletionSource ended, ConcurrentQueue<string> told) : IAsyncDisposable
    {
        public Uri Address => new(app.Urls.First());

        public Task Ended => ended.Task;

        public IReadOnlyCollection<string> Told => told;

        public static async Task<Server> StartAsync(RequestDelegate gateway, CancellationToken invocation = default)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var server = new Server(app, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), []);
            app.Map("/{*path}", async (HttpContext context) =>
            {
                await new GatewayFunction(gateway, new TellingLog(server)).RunAsync(context.Request, invocation);
                server.End();
            });
            await app.StartAsync(CancellationToken.None);
            return server;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private void End() => ended.SetResult();

        private sealed class TellingLog(Server server) : ILogger<GatewayFunction>
        {
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                server.Add(formatter(state, exception));
        }

        private void Add(string line) => told.Enqueue(line);
    }
}

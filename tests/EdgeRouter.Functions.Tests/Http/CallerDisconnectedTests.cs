using System.Net;
using EdgeRouter.TestSupport;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

/// <summary>The words by which the alert on failing requests (infra/modules/failing-requests.kql) knows a caller who left.</summary>
public sealed class CallerDisconnectedTests
{
    private const string Words = "The caller left";
    private static readonly (string, string) KeepAlive = ("EdgeRouter:Limits:KeepAliveSeconds", "0.1");
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_leaves_is_told_whether_or_not_the_answer_has_begun(bool begun)
    {
        await using var router = await RunningRouter.StartAroundAsync(Arrive, KeepAlive);
        using var leaving = new CancellationTokenSource();
        var asking = router.ChatAsync("scripted/silent", stream: begun, cancellationToken: leaving.Token);
        await arrived.Task.InTimeAsync();
        if (begun) (await asking.InTimeAsync()).Dispose();
        await leaving.CancelAsync();
        if (!begun) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.InTimeAsync());
        Assert.Single(await ToldAsync(router));
    }

    [Fact]
    public async Task An_invocation_that_the_host_cancels_first_is_told_too()
    {
        await using var router = await RunningRouter.StartAroundAsync(Arrive, KeepAlive);
        var asking = router.ChatAsync("scripted/silent");
        await arrived.Task.InTimeAsync();
        router.Functions.CancelInvocations();
        using var answer = await asking.InTimeAsync();
        Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway]);
        Assert.Single(await ToldAsync(router));
    }

    [Fact]
    public async Task A_caller_who_stays_is_not_told()
    {
        await using var router = await RunningRouter.StartAsync();
        using var answer = await router.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await ToldAsync(router));
    }

    [Theory]
    [InlineData("scripted/echo", false)]
    [InlineData("scripted/error-500", true)]
    public async Task A_cancellation_after_the_last_byte_is_not_told_and_cuts_nothing(string model, bool isError)
    {
        RunningRouter? started = null;
        await using var router = started = await RunningRouter.StartAroundAsync(gateway => async context =>
        {
            await gateway(context);
            started!.Functions.CancelInvocations();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var answer = await router.ChatAsync(model).InTimeAsync();
        Assert.Equal(isError, answer.StatusCode >= HttpStatusCode.InternalServerError);
        Assert.EndsWith("}", await answer.Content.ReadAsStringAsync().InTimeAsync(), StringComparison.Ordinal);
        Assert.Empty(await ToldAsync(router));
    }

    // Once the body is there: one that breaks off is another matter.
    private RequestDelegate Arrive(RequestDelegate gateway) => async context =>
    {
        context.Request.EnableBuffering();
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Request.Body.Position = 0;
        arrived.TrySetResult();
        await gateway(context);
    };

    private static async Task<IReadOnlyList<string>> ToldAsync(RunningRouter router)
    {
        await Eventually.TrueAsync(() => router.Functions.RunningInvocations == 0, "the invocation to end");
        return [.. router.Errors.Notes.Where(line => line.StartsWith(Words, StringComparison.Ordinal))];
    }
}

using System.Net;
using EdgeRouter.TestSupport;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

/// <summary>
/// What the caller sees when the gateway throws something that it should have handled. The worker ends the response like any other whatever a
/// function throws.
/// </summary>
public sealed class BrokenAnswerTests
{
    private static readonly Uri Anywhere = new("/some/path", UriKind.Relative);

    [Fact]
    public async Task An_exception_in_the_middle_of_a_body_never_ends_it_tidily()
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var router = await RunningRouter.StartWithAsync(async context =>
        {
            await context.Response.WriteAsync("half of it");
            await context.Response.Body.FlushAsync();
            await read.Task.InTimeAsync();
            throw new InvalidOperationException("a fault");
        });
        using var answer = await router.Client.GetAsync(Anywhere, HttpCompletionOption.ResponseHeadersRead);
        var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte["half of it".Length]).AsTask().InTimeAsync();
        read.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null).InTimeAsync());
        Assert.Contains(router.Errors.Faults, static fault => fault.GetBaseException().Message == "a fault");
    }

    [Fact]
    public async Task An_exception_before_the_first_byte_is_a_500()
    {
        await using var router = await RunningRouter.StartWithAsync(static _ => throw new InvalidOperationException("a fault"));
        using var answer = await router.Client.GetAsync(Anywhere);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(router.Errors.Faults, static fault => fault.GetBaseException().Message == "a fault");
    }

    [Fact]
    public async Task The_gateway_gets_the_real_context_without_the_workers_route_and_with_both_cancellations()
    {
        var seen = new TaskCompletionSource<(Endpoint? Endpoint, int RouteValues, bool CanBeCancelled)>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        await using var router = await RunningRouter.StartWithAsync(async context =>
        {
            seen.SetResult((context.GetEndpoint(), context.Request.RouteValues.Count, context.RequestAborted.CanBeCanceled));
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var asking = router.Client.GetAsync(Anywhere);
        Assert.Equal((null, 0, true), await seen.Task.InTimeAsync());
        router.Functions.CancelInvocations();
        using var answer = await asking.InTimeAsync();
        // The worker broke the connection; the host has nothing to pass on.
        Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.InternalServerError, HttpStatusCode.BadGateway]);
    }
}

using System.Net;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

/// <summary>
/// A Functions host may keep a caller's value of the header by which request and invocation find each other, so that they do not meet. No code of the router
/// runs for such a request: what ends it is the patience of the worker's HTTP integration, 5 seconds on one side and 15 on the other.
/// </summary>
public sealed class InvocationIdTests
{
    private const int AtOnce = 100;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Requests_with_invocation_ids_of_their_own_fail_in_bounded_time_and_hold_nobody_up()
    {
        await using var router = await RunningRouter.StartAsync();
        var asking = Enumerable.Range(0, AtOnce).Select(i => AskAsync(router, i == 0 ? "1" : Guid.NewGuid().ToString())).ToArray();
        await Eventually.TrueAsync(() => router.Functions.RunningInvocations == AtOnce, "the invocations");

        using var other = await router.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        Assert.All(await Task.WhenAll(asking).WaitAsync(Limit), status => Assert.Equal(HttpStatusCode.InternalServerError, status));
        await Eventually.TrueAsync(() => router.Functions.RunningInvocations == 0, "the invocations to end");
    }

    private static async Task<HttpStatusCode> AskAsync(RunningRouter router, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Add("x-ms-invocation-id", id);
        using var answer = await router.Client.SendAsync(request);
        return answer.StatusCode;
    }
}

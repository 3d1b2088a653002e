using System.Diagnostics;
using System.Net;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

/// <summary>
/// The Functions host keeps a caller's value of the header by which request and invocation find each other, so that they do not meet. No code of the router
/// runs for such a request: what ends it is the worker's own patience.
/// </summary>
public sealed class InvocationIdTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("1")]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    public async Task Request_with_an_invocation_id_of_its_own_fails_in_bounded_time_and_holds_nobody_up(string id)
    {
        await using var router = await RunningRouter.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
        request.Headers.Add("x-ms-invocation-id", id);
        var clock = Stopwatch.StartNew();
        var asking = router.Client.SendAsync(request);
        await Eventually.TrueAsync(() => router.Functions.RunningInvocations == 1, "the invocation");

        using var other = await router.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        using var answer = await asking.WaitAsync(Limit);
        TestContext.Current.TestOutputHelper?.WriteLine($"{(int)answer.StatusCode} after {clock.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        await Eventually.TrueAsync(() => router.Functions.RunningInvocations == 0, "the invocation to end");
    }
}

using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

/// <summary>A region without a management key serves callers, and nobody manages through it.</summary>
public sealed class NoManagementKeyTests
{
    [Fact]
    public async Task Callers_are_served_and_the_key_of_other_regions_is_unknown()
    {
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:Keys:Management", ""));
        using var chat = await router.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/credits");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RouterUnderTest.ManagementKey);
        using var refused = await router.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }
}

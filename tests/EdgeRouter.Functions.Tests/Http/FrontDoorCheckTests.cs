using System.Net;
using System.Text.Json;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

public sealed class FrontDoorCheckTests
{
    private const string FrontDoor = "5f0e0b5a-0c7e-4a58-9d6f-0d3c1c3b7a11";

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden)]
    [InlineData("00000000-0c7e-4a58-9d6f-0d3c1c3b7a11", HttpStatusCode.Forbidden)]
    [InlineData(FrontDoor + "," + FrontDoor, HttpStatusCode.Forbidden)]
    [InlineData(FrontDoor, HttpStatusCode.OK)]
    public async Task Only_requests_through_the_Front_Door_pass(string? id, HttpStatusCode status)
    {
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:FrontDoor:Id", FrontDoor));
        if (id is not null) router.Client.DefaultRequestHeaders.TryAddWithoutValidation("X-Azure-FDID", id);
        using var answer = await router.Client.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.Forbidden)
            Assert.Equal(403, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Usage_is_written_all_the_same()
    {
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:FrontDoor:Id", FrontDoor));
        router.Client.DefaultRequestHeaders.Add("X-Azure-FDID", FrontDoor);
        using var answer = await router.ChatAsync();
        await Eventually.TrueAsync(() => router.Queue.Deliveries > 0 && router.Queue.Count == 0, "the record to be written");
        Assert.Equal(1, (await router.Totals.ReadAllKeysAsync()).AllTime.Requests);
    }

    [Fact]
    public async Task Without_the_setting_requests_may_come_from_anywhere()
    {
        await using var router = await RunningRouter.StartAsync();
        using var answer = await router.Client.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}

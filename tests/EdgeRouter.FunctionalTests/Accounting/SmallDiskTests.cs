using System.Net;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.FunctionalTests.Accounting;

/// <summary>What happens to the router when the disk under its store fails it.</summary>
public sealed class SmallDiskTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Full_disk_refuses_requests_breaks_no_answer_and_loses_no_record()
    {
        await RouterOnSmallDisk.SkipUnlessMountableAsync(folder, withLoop: false);
        await using var router = await RouterOnSmallDisk.StartAsync(folder);
        var served = new List<string>();
        for (var i = 0; i < 3; i++) served.Add(await ServedAsync(router, stream: i % 2 == 0));
        Assert.Equal(200, await router.StatusAsync("/health/ready"));

        router.Fill();
        // Those that are under way when the first record meets the full disk are served to their end, and are not kept waiting.
        var filled = TimeProvider.System.GetTimestamp();
        for (var stream = false; ; stream = !stream)
        {
            var (status, id, body) = await router.ChatAsync(stream);
            if (status == HttpStatusCode.ServiceUnavailable) break;
            AssertWhole(status, body, stream);
            served.Add(id);
            Assert.True(served.Count < 5000, "The disk is full and every record was stored.");
        }
        Assert.InRange(TimeProvider.System.GetElapsedTime(filled), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(503, await router.StatusAsync("/health/ready"));
        Assert.Equal(200, await router.StatusAsync("/health"));

        router.Empty();
        await router.UntilAsync("/health/ready", 200);
        served.Add(await ServedAsync(router, stream: true));
        foreach (var id in served) Assert.Equal(200, await router.StatusAsync($"/api/v1/generation?id={id}"));
    }

    [Fact]
    public async Task Disk_that_turns_read_only_refuses_requests_and_keeps_what_was_accepted()
    {
        await RouterOnSmallDisk.SkipUnlessMountableAsync(folder, withLoop: true);
        var image = folder.Path + "/store.ext4";
        Assert.Equal(0, await RouterOnSmallDisk.RunAsync("truncate", "-s", "32M", image));
        Assert.Equal(0, await RouterOnSmallDisk.RunAsync("mkfs.ext4", "-q", image));
        var served = new List<string>();
        await using (var router = await RouterOnSmallDisk.StartAsync(folder, image))
        {
            for (var i = 0; i < 20; i++) served.Add(await ServedAsync(router, stream: i % 2 == 0));
            await router.TurnReadOnlyAsync();

            var (status, _, body) = await router.ChatAsync(stream: true);
            // Refused, if the records before it were still to be counted.
            if (status != HttpStatusCode.ServiceUnavailable) AssertWhole(status, body, stream: true);
            await router.UntilAsync("/health/ready", 503);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await router.ChatAsync(stream: false)).Status);
            Assert.Equal(200, await router.StatusAsync("/health"));
        }
        Assert.InRange(await RouterOnSmallDisk.RunAsync("e2fsck", "-fp", image), 0, 1);
        await using var next = await RouterOnSmallDisk.StartAsync(folder, image);
        foreach (var id in served) Assert.Equal(200, await next.StatusAsync($"/api/v1/generation?id={id}"));
    }

    [Fact]
    public async Task Disk_that_is_read_only_at_the_start_is_said_in_a_line()
    {
        await RouterOnSmallDisk.SkipUnlessMountableAsync(folder, withLoop: false);
        var (code, errors) = await RouterOnSmallDisk.StartReadOnlyAsync(folder);

        Assert.Equal(2, code);
        Assert.Contains("not writable", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    private static async Task<string> ServedAsync(RouterOnSmallDisk router, bool stream)
    {
        var (status, id, body) = await router.ChatAsync(stream);
        AssertWhole(status, body, stream);
        return id;
    }

    private static void AssertWhole(HttpStatusCode status, string body, bool stream)
    {
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.EndsWith(stream ? "data: [DONE]\n\n" : "}", body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"error\"", body, StringComparison.Ordinal);
    }
}

using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.Functions.Tests.Host;

public sealed class StartTests
{
    [Fact]
    public async Task Nothing_is_warned_of_at_start()
    {
        await using var router = await RunningRouter.StartAsync();
        // Of the socket that is bound for the test.
        Assert.All(router.Errors.Warnings,
            static warning => Assert.StartsWith("Microsoft.AspNetCore.Server.Kestrel: Overriding address(es)", warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_connection_to_the_bus_is_closed_at_the_end()
    {
        var router = await RunningRouter.StartAsync();
        await router.DisposeAsync();
        Assert.Equal(1, router.Broker.ClientsClosed);
    }

    [Fact]
    public async Task A_folder_of_journals_that_every_user_may_write_in_is_warned_of()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
        await using var router = await RunningRouter.StartAsync(settings: ("EdgeRouter:Azure:UsageJournal", folder.Path));
        var expected = $"A usage journal is not safe: Every user of this machine may write in '{folder.Path}'";
        Assert.Contains(router.Errors.Warnings, warning => warning.Contains(expected, StringComparison.Ordinal));
    }
}

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
}

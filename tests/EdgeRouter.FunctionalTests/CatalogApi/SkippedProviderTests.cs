using EdgeRouter.Dialects.BedrockConverse.Wire;
using EdgeRouter.FunctionalTests.Privacy;
using EdgeRouter.Local;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>A key that is in the environment for another program does not keep the router from starting.</summary>
public sealed class SkippedProviderTests
{
    [Fact]
    public async Task Router_starts_and_warns_once_when_the_environment_has_the_key_of_a_provider_without_a_wire()
    {
        using var logs = new CollectedLogs();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["EdgeRouter:Storage"] = "memory",
            ["Logging:Console:LogLevel:Default"] = "None",
        }).Build();

        await using var host = await LocalHost.StartAsync(new LocalOptions(0, "127.0.0.1", NewKeys: false), configuration,
            name => name == "AWS_BEARER_TOKEN_BEDROCK" ? "key-of-another-program" : null, TextWriter.Null,
            services =>
            {
                services.AddSingleton<ILoggerProvider>(logs);
                services.Remove(services.Single(service => service.ImplementationInstance is BedrockConverseWire));
            });

        const string Reason = "Provider amazon-bedrock has a credential but does not serve: dialect bedrock-converse is not supported";
        await Eventually.TrueAsync(() => logs.Entries.Any(entry => entry.Contains(Reason, StringComparison.Ordinal)), "the warning to be logged");
        Assert.Single(logs.Entries, entry => entry.Contains("amazon-bedrock", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Entries, entry => entry.Contains("key-of-another-program", StringComparison.Ordinal));
    }
}

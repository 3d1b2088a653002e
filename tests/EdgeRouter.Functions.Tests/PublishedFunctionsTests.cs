using System.Reflection;
using System.Text.RegularExpressions;
using EdgeRouter.Functions.Tests.Host;
using EdgeRouter.TestSupport;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace EdgeRouter.Functions.Tests;

/// <summary>What the scripts that deploy and verify do with the app.</summary>
public sealed partial class PublishedFunctionsTests
{
    [Fact]
    public void Every_function_is_looked_for_in_the_published_app()
    {
        var looked = NamesLookedFor().Match(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "verify-azure.sh"))).Groups[1].Value.Split(' ');
        var functions = typeof(GatewayFunction).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>();
        Assert.Equal(functions.Order(StringComparer.Ordinal), looked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_that_deploys_may_publish_the_stand_in_for_the_trigger_packages()
    {
        // The benchmark publishes into a temporary folder for the emulators, and deploys nothing.
        string[] deploying = [RepositoryRoot.Of("azure.yaml"),
            .. Directory.GetFiles(RepositoryRoot.Of("scripts")).Where(file => Path.GetFileName(file) != "functions-bench.sh"),
            .. Directory.GetFiles(RepositoryRoot.Of(".github", "workflows"))];
        Assert.DoesNotContain(deploying, file => File.ReadAllText(file).Contains(PublishedApp.Permission, StringComparison.Ordinal));
        foreach (var script in (string[])["azd-deploy.sh", "verify-azure.sh"])
            Assert.Contains("UseRealTriggers=true", File.ReadAllText(RepositoryRoot.Of("scripts", script)), StringComparison.Ordinal);
    }

    [GeneratedRegex("for name in ([a-z -]+); do")]
    private static partial Regex NamesLookedFor();
}

using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Xunit;

namespace EdgeRouter.Functions.Tests;

/// <summary>What scripts/verify-azure.sh looks for in the published app is what the app has.</summary>
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

    [GeneratedRegex("for name in ([a-z -]+); do")]
    private static partial Regex NamesLookedFor();
}

using EdgeRouter.FunctionalTests.Privacy;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>A catalog file that changes while the router runs.</summary>
public sealed class CatalogReloadTests
{
    [Fact]
    public async Task Good_file_comes_into_force_and_a_bad_one_changes_nothing_but_the_log()
    {
        using var logs = new CollectedLogs();
        await using var environment = new TestEnvironment();
        var alpha = await environment.AddAsync("alpha", OpenAIWire.Says("Hello"));
        environment.Catalog.AddModel("acme/one", [TestCatalog.Endpoint(alpha)]);
        await environment.StartRouterAsync(services => services.AddSingleton<ILoggerProvider>(logs));
        var file = environment.Router.CatalogFile!;
        Assert.Equal(400, (await environment.ChatAsync(stream: false, model: "acme/two")).Status);

        environment.Catalog.AddModel("acme/two", [TestCatalog.Endpoint(alpha)]);
        await File.WriteAllTextAsync(file, environment.Catalog.ToString());
        await Eventually.TrueAsync(() => logs.Entries.Any(entry => entry.Contains("The catalog was reloaded", StringComparison.Ordinal)),
            "the file to come into force");
        Assert.Equal("Hello", (await environment.ChatAsync(stream: false, model: "acme/two")).Text);

        await File.WriteAllTextAsync(file, "{\"models\":[{\"id\":7}]}");
        await Eventually.TrueAsync(() =>
            logs.Entries.Any(entry => entry.Contains("The catalog was not reloaded", StringComparison.Ordinal)
            && entry.Contains("models[0].id", StringComparison.Ordinal)), "the fault to be logged");
        Assert.Equal("Hello", (await environment.ChatAsync(stream: false, model: "acme/two")).Text);
    }
}

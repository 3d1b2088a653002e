using EdgeRouter.Core.Catalog;
using EdgeRouter.FunctionalTests.Privacy;
using EdgeRouter.Gateway.Tests.Configuration.CatalogFiles;
using EdgeRouter.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FunctionalTests.CatalogApi;

/// <summary>A catalog file at a URL with a shared access signature.</summary>
public sealed class RemoteCatalogTests
{
    private const string Secret = "c2lnbmF0dXJl";

    [Fact]
    public async Task Put_file_is_in_force_without_a_restart_and_a_bad_or_missing_one_changes_nothing_but_the_log()
    {
        using var logs = new CollectedLogs();
        await using var server = await CatalogServer.StartAsync();
        server.Put(CatalogOf("acme/one"), "\"1\"");
        await using var router = await StartAsync(server, logs);
        Assert.Equal(200, await ChatAsync(router, "acme/one"));
        Assert.Equal(400, await ChatAsync(router, "acme/two"));

        server.Put(CatalogOf("acme/one", "acme/two"), "\"2\"");
        await LoggedAsync(logs, "The catalog was reloaded");
        Assert.Equal(200, await ChatAsync(router, "acme/two"));

        server.Put("{\"models\":[{\"id\":7}]}", "\"3\"");
        await LoggedAsync(logs, "The catalog was not reloaded", "models[0].id", server.Url.AbsoluteUri);
        Assert.Equal(200, await ChatAsync(router, "acme/two"));

        server.Put(CatalogOf("acme/two"), "\"4\"");
        server.Otherwise = context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
        await LoggedAsync(logs, "A catalog file cannot be read", "the server answered 404");
        Assert.Equal(200, await ChatAsync(router, "acme/two"));

        server.Otherwise = null;
        await LoggedAsync(logs, "can be read again");
        Assert.All(server.Requests, request => Assert.Equal($"?sig={Secret}", request.Query));
        Assert.All(logs.Entries, entry => Assert.DoesNotContain(Secret, entry, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_file_keeps_the_router_from_starting_and_the_fault_names_it_without_its_signature()
    {
        using var logs = new CollectedLogs();
        await using var server = await CatalogServer.StartAsync();
        server.Otherwise = context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.Headers["x-ms-error-code"] = "BlobNotFound";
            return Task.CompletedTask;
        };
        var fault = await Assert.ThrowsAsync<CatalogException>(() => StartAsync(server, logs));
        Assert.Contains($"{server.Url}: expected a file that may be read: the server answered 404 BlobNotFound", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blob_without_a_signature_is_asked_for_with_the_identity_of_the_machine()
    {
        await using var identities = await CatalogServer.StartAsync();
        identities.Otherwise = static context =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        };
        // As Azure's own hosts tell where tokens are.
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", identities.Url.AbsoluteUri);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "a-secret");
        try
        {
            var fault = await Assert.ThrowsAsync<CatalogException>(() => RouterUnderTest.StartAsync(null, null,
                ("Catalog:Files:0", "https://acme.blob.core.windows.net/catalogs/own.json"), ("Azure:ClientId", "00000000-0000-0000-0000-000000000001")));
            Assert.Equal("expected an identity that gets a token for storage", Assert.Single(fault.Errors).Expectation);
        }
        finally
        {
            Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", null);
            Environment.SetEnvironmentVariable("IDENTITY_HEADER", null);
        }
        Assert.NotEmpty(identities.Requests);
        Assert.All(identities.Requests, static asked =>
            Assert.Contains("https://storage.azure.com", Uri.UnescapeDataString(asked.Query), StringComparison.Ordinal));
    }

    private static Task<RouterUnderTest> StartAsync(CatalogServer server, CollectedLogs logs) => RouterUnderTest.StartAsync(
        null, services => services.AddSingleton<ILoggerProvider>(logs), ("Catalog:Files:0", $"{server.Url}?sig={Secret}"), ("Catalog:RefreshSeconds", "1"));

    private static Task LoggedAsync(CollectedLogs logs, params string[] words) => Eventually.TrueAsync(
        () => logs.Entries.Any(entry => words.All(word => entry.Contains(word, StringComparison.Ordinal))), $"'{words[0]}' to be logged");

    private static string CatalogOf(params IEnumerable<string> models) => "{\"models\":[" + string.Join(',', models.Select(model =>
        $$$"""{"id":"{{{model}}}","endpoints":[{"provider":"scripted","upstream_model":"echo","pricing":{"prompt":"0","completion":"0"}}]}""")) + "]}";

    private static async Task<int> ChatAsync(RouterUnderTest router, string model)
    {
        using var content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hi"}]}""", null, "application/json");
        using var answer = await router.Client.PostAsync("/api/v1/chat/completions", content);
        return (int)answer.StatusCode;
    }
}

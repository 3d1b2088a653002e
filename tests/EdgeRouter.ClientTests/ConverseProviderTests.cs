using System.Net;
using EdgeRouter.TestSupport.Converse;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Xunit;

namespace EdgeRouter.ClientTests;

/// <summary>
/// The official <c>@aws-sdk/client-bedrock-runtime</c> checks the provider of Converse to which the router's functional tests talk: its signatures, the
/// shapes that it demands, its streams and its errors.
/// </summary>
public sealed class ConverseProviderTests
{
    [Fact]
    public async Task Amazons_client_agrees_with_the_provider_of_the_routers_tests()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var provider = builder.Build();
        provider.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await ConverseProvider.AnswerAsync(context, body.ToArray());
        });
        await provider.StartAsync();

        await NodeScript.PassesAsync("aws/converse.mjs", new Dictionary<string, string> { ["PROVIDERS_URL"] = provider.Urls.First() });
    }
}

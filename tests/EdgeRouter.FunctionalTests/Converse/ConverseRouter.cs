using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.TestSupport.Converse;

namespace EdgeRouter.FunctionalTests.Converse;

/// <summary>A router in front of a provider that speaks Converse and checks signatures. Its models are named as what they do.</summary>
internal static class ConverseRouter
{
    private static readonly string[] Scenarios = ["text", "tools", "reasoning", "throttled", "broken", "cut", "corrupt", "stuck"];

    /// <summary>Settings of an access key.</summary>
    public static readonly (string, string)[] AccessKey =
    [
        ("Providers:alpha:Credentials:AccessKeyId", ConverseProvider.AccessKeyId),
        ("Providers:alpha:Credentials:SecretAccessKey", ConverseProvider.SecretAccessKey),
    ];

    public static async Task<TestEnvironment> StartAsync(params (string, string)[] credentials)
    {
        var environment = new TestEnvironment { SendsKeys = false };
        var provider = await environment.AddAsync("alpha",
            ProviderAnswer.OverHttp((context, request) => ConverseProvider.AnswerAsync(context, Encoding.UTF8.GetBytes(request.Body))), "bedrock-converse",
            new JsonObject
            {
                ["auth"] = "sigv4",
                ["cached_tokens"] = "beside_input",
                ["variables"] = new JsonObject { ["region"] = new JsonObject { ["default"] = ConverseProvider.Region } },
                ["credentials"] = new JsonObject { ["service"] = new JsonObject { ["default"] = "bedrock" } },
            });
        foreach (var scenario in Scenarios)
        {
            environment.Catalog.AddModel("acme/" + scenario, [TestCatalog.Endpoint(provider, more: new JsonObject
            {
                ["upstream_model"] = $"arn:aws:bedrock:{ConverseProvider.Region}:1:inference-profile/eu.anthropic.claude-v1:{scenario}",
                ["supported_parameters"] = new JsonArray("max_tokens", "temperature", "tools", "tool_choice", "reasoning"),
            })]);
        }
        await environment.StartRouterAsync(credentials.Length == 0 ? AccessKey : credentials);
        return environment;
    }
}

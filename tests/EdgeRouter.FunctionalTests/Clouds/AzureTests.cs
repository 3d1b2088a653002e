using EdgeRouter.Core.Identity;
using EdgeRouter.FunctionalTests.Stubs;
using EdgeRouter.Upstreams.Auth;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EdgeRouter.FunctionalTests.Clouds;

/// <summary>Azure OpenAI and Foundry: keys, tokens, deployments, API versions, and answers with the results of content filters.</summary>
public sealed class AzureTests
{
    private const string Filters = """{"hate":{"filtered":false,"severity":"safe"},"jailbreak":{"filtered":false,"detected":false}}""";

    private static readonly string[] Stream =
    [
        "data: {\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0,"
            + $"\"content_filter_results\":{Filters}}}]}}\n\n",
        Chunk("\"delta\":{\"content\":\"\",\"refusal\":null,\"role\":\"assistant\"},\"finish_reason\":null"),
        Chunk("\"delta\":{\"content\":\"Hello from Azure\"},\"finish_reason\":null"),
        // What an asynchronous filter found comes by itself, without a delta's content.
        Chunk("\"content_filter_offsets\":{\"check_offset\":1,\"start_offset\":1,\"end_offset\":9},\"delta\":{},\"finish_reason\":null"),
        Chunk("\"delta\":{},\"finish_reason\":\"stop\""),
        "data: {\"choices\":[],\"created\":1,\"id\":\"c-1\",\"model\":\"gpt-x\",\"object\":\"chat.completion.chunk\","
            + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}}\n\n",
        "data: [DONE]\n\n",
    ];

    private static readonly string Whole = """
        {"choices":[{"content_filter_results":FILTERS,"finish_reason":"stop","index":0,"logprobs":null,
         "message":{"annotations":[],"content":"Hello from Azure","refusal":null,"role":"assistant"}}],"created":1,"id":"c-1","model":"gpt-x",
         "object":"chat.completion","prompt_filter_results":[{"prompt_index":0,"content_filter_results":FILTERS}],
         "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}
        """.Replace("FILTERS", Filters, StringComparison.Ordinal);

    [Theory]
    [InlineData("azure", false), InlineData("azure", true), InlineData("azure-foundry", false), InlineData("azure-foundry", true)]
    public async Task Deployment_is_asked_by_key_and_filters_are_tolerated(string row, bool stream)
    {
        await using var environment = await StartAsync(row, null, ("Providers:alpha:ApiKey", "azure-key"), ("Providers:alpha:Query", "api-version=preview"));

        var answer = await environment.ChatAsync(stream, "\"max_tokens\":50");

        Assert.Equal(("Hello from Azure", "stop", 12), (answer.Text, answer.FinishReason, answer.Usage!["total_tokens"]!.GetValue<int>()));
        var asked = environment["alpha"].Request;
        Assert.Equal(("/openai/v1/chat/completions?api-version=preview", "azure-key"), (asked.Path, asked.Headers["api-key"]));
        Assert.False(asked.Headers.ContainsKey("Authorization"));
        Assert.Equal("alpha-model-v1", asked.Json["model"]!.GetValue<string>());
        Assert.Equal(50, asked.Json["max_completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Deployment_is_asked_with_a_token_of_the_routers_identity()
    {
        var tokens = new Tokens();
        await using var environment = await StartAsync("azure", tokens, ("Providers:alpha:Auth", "entra"), ("Providers:alpha:Enabled", "true"));

        Assert.Equal("Hello from Azure", (await environment.ChatAsync(stream: true)).Text);
        Assert.Equal("Hello from Azure", (await environment.ChatAsync(stream: false)).Text);

        Assert.All(environment["alpha"].Requests, asked => Assert.Equal("Bearer entra-token", asked.Headers["Authorization"]));
        Assert.Equal(1, tokens.Issued);
    }

    [Fact]
    public async Task Identity_without_a_token_is_a_failure_of_the_provider()
    {
        await using var environment = await StartAsync("azure", new Tokens { Refuses = true },
            ("Providers:alpha:Auth", "entra"), ("Providers:alpha:Enabled", "true"));

        var answer = await environment.ChatAsync(stream: false);

        Assert.Equal(502, answer.Status);
        Assert.Empty(environment["alpha"].Requests);
    }

    [Fact]
    public async Task Path_of_a_deployment_is_a_row_of_the_operator()
    {
        var row = ProviderRow.WithoutPlace("azure");
        row["path"] = "deployments/{model}/chat/completions";
        row["query"] = "api-version=2024-10-21";
        await using var environment = new TestEnvironment();
        await environment.AddAsync("alpha", Answer, more: row);
        await environment.StartRouterAsync();

        Assert.Equal("Hello from Azure", (await environment.ChatAsync(stream: true)).Text);
        Assert.Equal("/v1/deployments/alpha-model-v1/chat/completions?api-version=2024-10-21", environment["alpha"].Request.Path);
    }

    private static ProviderAnswer Answer => ProviderAnswer.ByMode(ProviderAnswer.Stream(Stream), ProviderAnswer.Body(200, Whole));

    private static string Chunk(string choice) => "data: {\"choices\":[{\"content_filter_results\":{},\"index\":0,\"logprobs\":null," + choice
        + "}],\"created\":1,\"id\":\"c-1\",\"model\":\"gpt-x\",\"object\":\"chat.completion.chunk\",\"system_fingerprint\":\"fp\"}\n\n";

    private static async Task<TestEnvironment> StartAsync(string row, ITokenSource? tokens, params (string, string)[] settings)
    {
        var environment = new TestEnvironment { SendsKeys = false };
        var provider = await environment.AddAsync("alpha", Answer, more: ProviderRow.WithoutPlace(row));
        var origin = new Uri(provider.BaseUrl).GetLeftPart(UriPartial.Authority);
        await environment.StartRouterAsync(services =>
        {
            if (tokens is null) return;
            services.Remove(services.Single(service => service.ImplementationInstance is EntraAuth));
            services.AddSingleton<IUpstreamAuth>(new EntraAuth(tokens, TimeSpan.FromSeconds(10), TimeProvider.System));
        }, [("Providers:alpha:BaseUrl", ProviderRow.PathOf(row, origin)), .. settings]);
        return environment;
    }

    private sealed class Tokens : ITokenSource
    {
        private int issued;

        public bool Refuses { get; init; }

        public int Issued => issued;

        public Task<AccessToken> IssueAsync(string? scope, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref issued);
            if (Refuses) throw new TokenException("the router has no identity here", refused: true);
            return Task.FromResult(new AccessToken("entra-token", TimeProvider.System.GetUtcNow().AddHours(1)));
        }
    }
}

using System.Text.Json.Nodes;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Storage;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.FunctionalTests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FuzzTests.Router;

/// <summary>A router with a budget, in front of one provider that speaks every wire. One case at a time.</summary>
internal sealed class FuzzedRouter : IAsyncDisposable
{
    /// <summary>Model that every wire for conversations serves.</summary>
    public const string ModelOfAll = "fuzz/all";

    public const int MaxBodyBytes = 200_000;

    private const decimal Limit = 100_000m;
    private readonly FuzzedProvider provider = new();
    private readonly RecordTap tap = new();
    private readonly RecentLogs logs = new();
    private RouterUnderTest? router;

    private FuzzedRouter()
    {
    }

    public FuzzedProvider Provider => provider;

    public HttpClient Client => router!.Client;

    public IReadOnlyList<GenerationRecord> Records => tap.Records;

    public RecentLogs Logs => logs;

    public static string ModelOf(IProviderWire wire) => "fuzz/" + wire.Name;

    public static async Task<FuzzedRouter> StartAsync()
    {
        var started = new FuzzedRouter();
        (string, string)[] settings =
        [
            ("Budgets:Inference:Limit", "100000"), ("Limits:FirstTokenSeconds", "1"), ("Limits:IdleSeconds", "1"), ("Limits:TotalSeconds", "5"),
            ("Limits:KeepAliveSeconds", "0.2"), ("Limits:RetryAfterSeconds", "1"), ("Upstreams:WholeAnswerSeconds", "1"), ("Limits:MaxEventBytes", "65536"),
            ("Limits:MaxBodyBytes", $"{MaxBodyBytes}"), ("Routing:Resume", "true"),
        ];
        var keys = Formats.Wires.Select(wire => ($"Providers:{wire.Name}:ApiKey", "sk-fuzz-0123456789abcdef"));
        started.router = await RouterUnderTest.StartAsync(started.Catalog(), services =>
        {
            started.tap.Insert(services);
            services.AddLogging(logging => logging.AddProvider(started.logs).AddFilter<RecentLogs>("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug));
        }, [.. settings, .. keys]);
        return started;
    }

    /// <summary>
    /// Totals and ledger have what the records have, to the nano-dollar, and nothing is held any more: a lease can only be given back whole when no hold is
    /// open.
    /// </summary>
    public async Task AssertSettledAsync()
    {
        var cost = Records.Sum(record => record.Cost.ToDollars());
        var key = JsonNode.Parse(await Client.GetStringAsync("/api/v1/key"))!["data"]!;
        Assert.Equal(cost, key["usage"]!.GetValue<decimal>());
        Assert.Equal(Limit - cost, key["limit_remaining"]!.GetValue<decimal>());
        if (Records.Count == 0) return;
        await router!.Services.GetRequiredService<BudgetHolds>().ReleaseAsync();
        var row = await router.Services.GetRequiredService<ITableStore>().GetAsync("budgets", "key:" + Records[0].KeyHash, "window:ever");
        if (row is null) Assert.Equal(0, cost);
        else Assert.Equal((cost * 1_000_000_000m, 0L), ((long)row.Properties["Spent"], (long)row.Properties["Leased"]));
    }

    public async ValueTask DisposeAsync()
    {
        if (router is not null) await router.DisposeAsync();
        await provider.DisposeAsync();
    }

    private string Catalog()
    {
        var providers = new JsonArray();
        var models = new JsonArray();
        foreach (var wire in Formats.Wires)
        {
            providers.Add((JsonNode)new JsonObject
            {
                ["slug"] = wire.Name,
                ["name"] = wire.Name,
                ["dialect"] = wire.Name,
                ["base_url"] = $"{provider.Address}/{wire.Name}",
                ["auth"] = "bearer",
            });
            models.Add((JsonNode)Model(ModelOf(wire), wire));
        }
        models.Add((JsonNode)Model(ModelOfAll, [.. Formats.Wires.Where(wire => wire is IConversationWire)]));
        return new JsonObject { ["providers"] = providers, ["models"] = models }.ToJsonString();
    }

    private static JsonObject Model(string id, params IProviderWire[] wires) => new()
    {
        ["id"] = id,
        ["name"] = id,
        ["created"] = 1_760_000_000,
        ["input_modalities"] = new JsonArray("text", "image", "file", "audio", "video"),
        ["output_modalities"] = new JsonArray("text", "image", "audio", "embeddings", "rerank"),
        ["endpoints"] = new JsonArray([.. wires.Select(Endpoint)]),
    };

    private static JsonObject Endpoint(IProviderWire wire) => new()
    {
        ["provider"] = wire.Name,
        ["upstream_model"] = "m",
        ["context_length"] = 128_000,
        ["max_completion_tokens"] = 8192,
        ["pricing"] = new JsonObject { ["prompt"] = "0.000001", ["completion"] = "0.000002" },
        ["supported_parameters"] = new JsonArray("max_tokens", "temperature", "top_p", "stop", "seed", "tools", "tool_choice", "response_format",
            "structured_outputs", "logprobs", "top_logprobs", "reasoning", "include_reasoning", "frequency_penalty", "presence_penalty", "logit_bias"),
    };
}

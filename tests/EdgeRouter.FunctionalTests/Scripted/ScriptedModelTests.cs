using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.FunctionalTests.Scripted;

/// <summary>The scripted provider behind a whole router: its faults are seen, classified and told like those of any provider.</summary>
public sealed class ScriptedModelTests : IClassFixture<ScriptedRouter>
{
    private readonly ScriptedRouter scripted;

    public ScriptedModelTests(ScriptedRouter scripted) => this.scripted = scripted;

    public static TheoryData<string, bool, int, string> Faults => new()
    {
        { "error-500", false, 502, "provider_unavailable" },
        { "error-503", true, 503, "provider_overloaded" },
        { "error-429", true, 429, "rate_limit_exceeded" },
        { "context-length-error", true, 400, "context_length_exceeded" },
        { "refused", true, 502, "provider_unavailable" },
        { "refused", false, 502, "provider_unavailable" },
        { "silent", true, 504, "timeout" },
        { "silent", false, 504, "timeout" },
        { "slow-5000ms", true, 504, "timeout" },
        { "reset", false, 502, "provider_unavailable" },
        { "truncated", false, 502, "provider_unavailable" },
        { "malformed", false, 502, "provider_unavailable" },
        { "midstream-error", false, 503, "provider_overloaded" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_before_the_first_token_is_an_error_with_its_status(string script, bool stream, int status, string errorType)
    {
        var answer = await scripted.ChatAsync(script, stream);

        Assert.True(status == answer.Status, answer.Body);
        Assert.Equal(errorType, answer.Error!["metadata"]!["error_type"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("reset", "provider_unavailable")]
    [InlineData("truncated", "provider_unavailable")]
    [InlineData("malformed", "provider_unavailable")]
    [InlineData("midstream-error", "provider_overloaded")]
    public async Task Fault_in_a_stream_is_an_error_event_after_its_tokens(string script, string errorType)
    {
        var answer = await scripted.ChatAsync(script, stream: true);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("one ", answer.Text, StringComparison.Ordinal);
        Assert.Equal(errorType, answer.Error!["metadata"]!["error_type"]!.GetValue<string>());
        Assert.False(answer.IsDone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sound_answer_is_whole(bool stream)
    {
        var answer = await scripted.ChatAsync("echo", stream);

        Assert.Equal("one two three four", answer.Text);
        Assert.Equal("stop", answer.FinishReason);
        Assert.Equal(5, answer.Usage!["completion_tokens"]!.GetValue<int>());
        Assert.Equal("lab", answer.Header("X-EdgeRouter-Provider"));
    }
}

/// <summary>A router whose catalog has a second scripted provider, a row like any other, with one model for each script.</summary>
public sealed class ScriptedRouter : IAsyncLifetime
{
    private static readonly string[] Scripts =
    [
        "echo", "error-500", "error-503", "error-429", "context-length-error", "refused", "silent", "slow-5000ms", "reset", "truncated", "malformed",
        "midstream-error",
    ];

    private RouterUnderTest router = null!;

    public async ValueTask InitializeAsync()
    {
        var catalog = new JsonObject
        {
            ["providers"] = new JsonArray(new JsonObject
            {
                ["slug"] = "lab",
                ["name"] = "Lab",
                ["dialect"] = "openai-chat",
                ["base_url"] = "https://scripted.invalid/v1",
                ["auth"] = "none",
            }),
            ["models"] = new JsonArray([.. Scripts.Select(script => new JsonObject
            {
                ["id"] = "lab/" + script,
                ["endpoints"] = new JsonArray(new JsonObject { ["provider"] = "lab", ["upstream_model"] = script }),
            })]),
        };
        router = await RouterUnderTest.StartAsync(catalog.ToJsonString(), ("Catalog:Scripted", "false"), ("Routing:CeilingPrice:Prompt", "0.000001"),
            ("Routing:CeilingPrice:Completion", "0.000001"), ("Limits:FirstTokenSeconds", "2"), ("Limits:TotalSeconds", "60"),
            ("Upstreams:HeadersSeconds", "2"), ("Upstreams:WholeAnswerSeconds", "2"));
    }

    public ValueTask DisposeAsync() => router.DisposeAsync();

    internal async Task<CallerAnswer> ChatAsync(string script, bool stream)
    {
        var body = new JsonObject
        {
            ["model"] = "lab/" + script,
            ["stream"] = stream,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "one two three four" }),
        };
        using var response = await router.Client.PostAsJsonAsync("/api/v1/chat/completions", body);
        return await CallerAnswer.ReadAsync(response);
    }
}

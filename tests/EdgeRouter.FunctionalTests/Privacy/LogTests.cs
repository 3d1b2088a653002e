using System.Text;
using EdgeRouter.FunctionalTests.Stubs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRouter.FunctionalTests.Privacy;

/// <summary>Prompts, completions and keys never reach a log at Information or above, whatever goes wrong.</summary>
public sealed class LogTests
{
    private const string Prompt = "PROMPTMARK";
    private const string Completion = "COMPLETIONMARK";
    private const string ProviderWords = "PROVIDERMARK";
    private const string StrangersKey = "sk-STRANGERMARK-0123456789";

    private static readonly Dictionary<string, ProviderAnswer> Answers = new()
    {
        ["serves"] = OpenAIWire.Says(Completion),
        ["fails and quotes the prompt"] = OpenAIWire.Fails(500, $"{ProviderWords}: cannot process '{Prompt}'"),
        ["refuses and quotes the prompt"] = OpenAIWire.Fails(400, $"{ProviderWords}: invalid '{Prompt}'", "invalid_request_error"),
        ["refuses our key and quotes it"] = OpenAIWire.Fails(401, $"{ProviderWords}: Incorrect API key provided: sk-provider-alpha-0123456789abcdef",
            "invalid_request_error", "invalid_api_key"),
        ["answers with garbage"] = ProviderAnswer.ByMode(ProviderAnswer.Stream($"data: {{\"choices\":[{Completion}\n\n"),
            ProviderAnswer.Body(200, $"{{\"choices\":[{Completion}")),
        ["answers with a page"] = ProviderAnswer.Body(200, $"<html><title>{ProviderWords} {Prompt}</title></html>", "text/html"),
        ["breaks in mid-stream"] = ProviderAnswer.ByMode(ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text(Completion),
            $"data: {{\"choices\":[{Completion}\n\n"), ProviderAnswer.Body(200, OpenAIWire.Whole(Completion)[..120])),
        ["reports an error in mid-stream"] = ProviderAnswer.ByMode(ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text(Completion),
            $"data: {OpenAIWire.Error($"{ProviderWords} {Prompt}")}\n\n"), ProviderAnswer.Body(200, OpenAIWire.Error($"{ProviderWords} {Prompt}"))),
    };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in Answers.Keys)
            {
                data.Add(name, false);
                data.Add(name, true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Nothing_of_a_request_is_logged_when_the_provider(string behaviour, bool stream)
    {
        using var logs = new CollectedLogs();
        await using var environment = await StartAsync(logs, Answers[behaviour]);

        await environment.ChatAsync(stream, Marked());

        Assert.Single(environment["alpha"].Requests);
        // The failure itself is there to be seen, so that silence is no proof of anything.
        if (behaviour != "serves" && !behaviour.Contains("in mid-stream", StringComparison.Ordinal))
            Assert.Contains(logs.Entries, entry => entry.Contains("acme/one@alpha failed", StringComparison.Ordinal));
        AssertClean(logs);
    }

    [Theory]
    [InlineData("/api/v1/chat/completions", "{\"model\":\"acme/one\",\"messages\":[{\"role\":\"user\",\"content\":\"PROMPTMARK\"")]
    [InlineData("/api/v1/chat/completions", "{\"model\":\"PROMPTMARK/one\",\"messages\":[{\"role\":\"user\",\"content\":\"PROMPTMARK\"}]}")]
    [InlineData("/api/v1/chat/completions", "{\"model\":\"acme/one\",\"PROMPTMARK\":1,\"messages\":[{\"role\":\"PROMPTMARK\"}]}")]
    [InlineData("/api/v1/chat/completions",
        "{\"model\":\"acme/one\",\"provider\":{\"only\":[\"PROMPTMARK\"]},\"messages\":[{\"role\":\"user\",\"content\":\"PROMPTMARK\"}]}")]
    [InlineData("/api/v1/nothing?q=PROMPTMARK", "PROMPTMARK")]
    public async Task Nothing_of_a_refused_request_is_logged(string path, string body)
    {
        using var logs = new CollectedLogs();
        await using var environment = await StartAsync(logs, OpenAIWire.Says(Completion));

        using var response = await environment.Router.Client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.InRange((int)response.StatusCode, 400, 499);
        AssertClean(logs);
    }

    [Fact]
    public async Task Unknown_key_is_not_logged()
    {
        using var logs = new CollectedLogs();
        await using var environment = await StartAsync(logs, OpenAIWire.Says(Completion));
        using var stranger = environment.Router.ClientOf(StrangersKey);

        using var response = await stranger.GetAsync("/api/v1/models");

        Assert.Equal(401, (int)response.StatusCode);
        AssertClean(logs);
    }

    [Fact]
    public async Task Caller_who_leaves_leaves_nothing_in_the_log()
    {
        using var logs = new CollectedLogs();
        await using (var environment = await StartAsync(logs, ProviderAnswer.StreamThenSilence(OpenAIWire.Role, OpenAIWire.Text(Completion))))
        {
            using (var stream = await environment.OpenStreamAsync(Marked())) await stream.ReadToTextAsync(Completion);
            await environment.Tap.FirstAsync();
        }

        AssertClean(logs);
    }

    private static async Task<TestEnvironment> StartAsync(CollectedLogs logs, ProviderAnswer answer)
    {
        var environment = new TestEnvironment();
        await environment.AddAsync("alpha", answer);
        await environment.StartRouterAsync(services => services.AddSingleton<ILoggerProvider>(logs));
        return environment;
    }

    private static string Marked() => $"\"messages\":[{{\"role\":\"system\",\"content\":\"{Prompt}\"}},{{\"role\":\"user\",\"content\":\"{Prompt}\"}}],"
        + $"\"user\":\"{Prompt}\",\"x_unknown\":\"{Prompt}\",\"stop\":\"{Prompt}\"";

    private static void AssertClean(CollectedLogs logs)
    {
        string[] secrets = [Prompt, Completion, ProviderWords, StrangersKey, RouterUnderTest.InferenceKey, RouterUnderTest.ManagementKey, "sk-provider-"];
        foreach (var entry in logs.Entries) Assert.DoesNotContain(secrets, secret => entry.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}

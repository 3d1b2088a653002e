using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Privacy;

/// <summary>A provider that quotes the router's credential does so to the router alone.</summary>
public sealed class QuotedSecretTests
{
    public static TheoryData<int, bool> StatusesAndModes
    {
        get
        {
            var rows = new TheoryData<int, bool>();
            foreach (var status in (int[])[400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 502, 503, 529])
                foreach (var stream in (bool[])[false, true]) rows.Add(status, stream);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(StatusesAndModes))]
    public async Task Error_of_any_status_that_quotes_the_key_reaches_the_caller_without_it(int status, bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("x"));
        var key = environment["alpha"].ApiKey;
        foreach (var body in Bodies(key))
        {
            environment["alpha"].Answer = ProviderAnswer.Body(status, body, headers: [("x-request-key", key)]);
            await AssertHiddenAsync(environment, stream, key);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Error_inside_a_good_answer_that_quotes_the_key_reaches_the_caller_without_it(bool afterText)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("x"));
        var key = environment["alpha"].ApiKey;
        foreach (var body in Bodies(key).Where(body => body[0] == '{'))
        {
            var error = "data: " + body + "\n\n";
            environment["alpha"].Answer = ProviderAnswer.ByMode(
                afterText ? ProviderAnswer.Stream(OpenAIWire.Role, OpenAIWire.Text("Hello"), error) : ProviderAnswer.Stream(error),
                ProviderAnswer.Body(200, body));
            await AssertHiddenAsync(environment, stream: true, key);
            await AssertHiddenAsync(environment, stream: false, key);
        }
    }

    private static async Task AssertHiddenAsync(TestEnvironment environment, bool stream, string key)
    {
        using var response = await environment.SendAsync(environment.Body(stream));
        var everything = response.Headers + response.Content.Headers.ToString() + await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain(key, everything, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("error", everything, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Bodies(string key)
    {
        yield return OpenAIWire.Error($"Incorrect API key provided: {key}.");
        yield return OpenAIWire.Error("x", type: key);
        yield return OpenAIWire.Error("x", code: key);
        yield return OpenAIWire.Error($"Nested {{\\\"headers\\\":{{\\\"authorization\\\":\\\"Bearer {key}\\\"}}}}");
        yield return OpenAIWire.Error(string.Concat(key.Select(letter => $"\\u{(int)letter:x4}")));
        yield return $"{{\"error\":{{\"message\":\"x\",\"metadata\":{{\"deep\":[\"{key}\"]}}}}}}";
        yield return $"<html><body>Authorization: {key}</body></html>";
    }
}

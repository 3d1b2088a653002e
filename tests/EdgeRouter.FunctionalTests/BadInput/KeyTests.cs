using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace EdgeRouter.FunctionalTests.BadInput;

/// <summary>Who may call what.</summary>
public sealed class KeyTests(SmallRouter fixture) : IClassFixture<SmallRouter>
{
    private const string Body = "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    public static TheoryData<string, string> Guarded
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var root in (string[])["/api/v1", "/v1"])
            {
                data.Add("POST", $"{root}/chat/completions");
                foreach (var path in (string[])["models", "models/count", "models/user", "model/scripted/echo", "models/scripted/echo/endpoints", "providers",
                    "key", "credits", "generation?id=gen-1-AAxxxxxxxxxxxxxxxxxx"])
                    data.Add("GET", $"{root}/{path}");
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Missing_key_is_401(string method, string path)
    {
        using var caller = fixture.Router.ClientOf(null);

        using var response = await caller.SendAsync(Request(method, path));

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 401, "authentication");
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Unknown_key_is_401(string method, string path)
    {
        using var caller = fixture.Router.ClientOf("sk-or-v1-ffffffffffffffffffffffffffffffff");

        using var response = await caller.SendAsync(Request(method, path));

        var error = await ErrorEnvelope.AssertAsync(fixture.Router, response, 401, "authentication");
        Assert.DoesNotContain("ffff", error.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1")]
    [InlineData("/v1")]
    public async Task Management_key_may_not_call_models(string root)
    {
        using var response = await fixture.Router.Management.SendAsync(Request("POST", $"{root}/chat/completions"));

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 403, "permission_denied");
    }

    [Theory]
    [InlineData("/api/v1")]
    [InlineData("/v1")]
    public async Task Inference_key_may_not_see_the_credits(string root)
    {
        using var response = await fixture.Router.Client.GetAsync($"{root}/credits");

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 403, "permission_denied");
    }

    [Theory]
    [InlineData("x-api-key", RouterUnderTest.InferenceKey, 200)]
    [InlineData("api-key", RouterUnderTest.InferenceKey, 200)]
    [InlineData("x-goog-api-key", RouterUnderTest.InferenceKey, 200)]
    [InlineData("Authorization", "bearer   " + RouterUnderTest.InferenceKey, 200)]
    [InlineData("Authorization", "Basic c2stdGVzdDo=", 401)]
    [InlineData("Authorization", "Bearer", 401)]
    [InlineData("Authorization", RouterUnderTest.InferenceKey, 401)]
    [InlineData("Authorization", "Bearer " + RouterUnderTest.InferenceKey + "x", 401)]
    [InlineData("x-api-key", "", 401)]
    public async Task Key_is_found_in_the_headers_of_the_usual_clients(string header, string value, int status)
    {
        using var caller = fixture.Router.ClientOf(null);
        var request = Request("POST", TestEnvironment.ChatPath);
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await caller.SendAsync(request);

        if (status == 401) await ErrorEnvelope.AssertAsync(fixture.Router, response, 401, "authentication");
        else Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Overlong_key_is_401()
    {
        using var caller = fixture.Router.ClientOf(new string('k', 20_000));

        using var response = await caller.SendAsync(Request("POST", TestEnvironment.ChatPath));

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 401, "authentication");
    }

    private static HttpRequestMessage Request(string method, string path) => new(new HttpMethod(method), path)
    {
        Content = method == "POST" ? new StringContent(Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) : null,
    };
}

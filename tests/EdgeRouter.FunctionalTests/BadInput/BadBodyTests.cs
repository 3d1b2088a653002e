using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace EdgeRouter.FunctionalTests.BadInput;

/// <summary>Bodies that are no chat request: each gets a 400 that names the field.</summary>
public sealed class BadBodyTests(SmallRouter fixture) : IClassFixture<SmallRouter>
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    private static readonly (string Field, string Body)[] Bodies =
    [
        ("body", ""),
        ("body", "{"),
        ("body", "[]"),
        ("body", "null"),
        ("body", "\"hello\""),
        ("body", $"{{\"model\":\"scripted/echo\",{Hello}}} trailing"),
        ("body", $"{{\"model\":\"scripted/echo\",{Hello},\"temperature\":NaN}}"),
        ("body", $"{{\"model\":\"scripted/echo\",{Hello},}}"),
        ("model", $"{{\"model\":42,{Hello}}}"),
        ("model", $"{{\"model\":\"\",{Hello}}}"),
        ("model", $"{{{Hello}}}"),
        ("model", $"{{\"model\":\"nobody/nothing\",{Hello}}}"),
        ("model", $"{{\"model\":\"scripted/echo\",\"model\":\"nobody/nothing\",{Hello}}}"),
        ("models[0]", $"{{\"model\":\"scripted/echo\",\"models\":[1],{Hello}}}"),
        ("models[1]", $"{{\"model\":\"scripted/echo\",\"models\":[\"scripted/echo\",\"nobody/nothing\"],{Hello}}}"),
        ("messages", "{\"model\":\"scripted/echo\"}"),
        ("messages", "{\"model\":\"scripted/echo\",\"messages\":\"hi\"}"),
        ("messages", "{\"model\":\"scripted/echo\",\"messages\":[]}"),
        ("messages[0]", "{\"model\":\"scripted/echo\",\"messages\":[\"hi\"]}"),
        ("messages[0].role", "{\"model\":\"scripted/echo\",\"messages\":[{}]}"),
        ("messages[0].role", "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"wizard\",\"content\":\"hi\"}]}"),
        ("messages[0].content", "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\"}]}"),
        ("messages[0].content", "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":42}]}"),
        ("messages[0].content[0].image_url", "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}"),
        ("messages[1].tool_call_id",
            "{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"tool\",\"content\":\"x\"}]}"),
        ("stream", $"{{\"model\":\"scripted/echo\",{Hello},\"stream\":\"yes\"}}"),
        ("temperature", $"{{\"model\":\"scripted/echo\",{Hello},\"temperature\":\"hot\"}}"),
        ("temperature", $"{{\"model\":\"scripted/echo\",{Hello},\"temperature\":2.1}}"),
        ("max_tokens", $"{{\"model\":\"scripted/echo\",{Hello},\"max_tokens\":0}}"),
        ("max_tokens", $"{{\"model\":\"scripted/echo\",{Hello},\"max_tokens\":1.5}}"),
        ("max_completion_tokens", $"{{\"model\":\"scripted/echo\",{Hello},\"max_completion_tokens\":99999999999999999999}}"),
        ("n", $"{{\"model\":\"scripted/echo\",{Hello},\"n\":0}}"),
        ("stop", $"{{\"model\":\"scripted/echo\",{Hello},\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}}"),
        ("top_logprobs", $"{{\"model\":\"scripted/echo\",{Hello},\"top_logprobs\":21}}"),
        ("tools[0].function", $"{{\"model\":\"scripted/echo\",{Hello},\"tools\":[{{\"type\":\"function\"}}]}}"),
        ("response_format.type", $"{{\"model\":\"scripted/echo\",{Hello},\"response_format\":{{\"type\":\"verse\"}}}}"),
        ("reasoning_effort", $"{{\"model\":\"scripted/echo\",{Hello},\"reasoning_effort\":\"high\",\"reasoning\":{{\"effort\":\"low\"}}}}"),
        ("provider.colour", $"{{\"model\":\"scripted/echo\",{Hello},\"provider\":{{\"colour\":\"red\"}}}}"),
        ("provider.sort", $"{{\"model\":\"scripted/echo\",{Hello},\"provider\":{{\"sort\":\"beauty\"}}}}"),
        ("provider.order[1]", $"{{\"model\":\"scripted/echo\",{Hello},\"provider\":{{\"order\":[\"scripted\",\"nobody\"]}}}}"),
        ("provider.only[0]", $"{{\"model\":\"scripted/echo\",{Hello},\"provider\":{{\"only\":[\"nobody/turbo\"]}}}}"),
        ("provider.ignore[0]", $"{{\"model\":\"scripted/echo\",{Hello},\"provider\":{{\"ignore\":[\"nobody\"]}}}}"),
        ("provider.sort", $"{{\"model\":\"scripted/echo\",{Hello},\"provider\":{{\"sort\":{{\"by\":\"beauty\"}}}}}}"),
        ("session_id", $"{{\"model\":\"scripted/echo\",{Hello},\"session_id\":\"{new string('s', 257)}\"}}"),
    ];

    public static TheoryData<string, int, string> EveryBody
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            for (var i = 0; i < Bodies.Length; i++)
            {
                data.Add("/api/v1", i, Bodies[i].Field);
                data.Add("/v1", i, Bodies[i].Field);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EveryBody))]
    public async Task Bad_body_is_400_that_names_the_field(string root, int number, string field)
    {
        using var response = await fixture.Router.Client.PostAsync($"{root}/chat/completions", Json(Bodies[number].Body));

        var error = await ErrorEnvelope.AssertAsync(fixture.Router, response, 400, "invalid_request");
        Assert.Equal(field, error["param"]!.GetValue<string>());
        Assert.StartsWith(field, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model_not_found", "nobody/nothing")]
    public async Task Unknown_model_says_so_in_its_availability(string code, string model)
    {
        using var response = await fixture.Router.Client.PostAsync(TestEnvironment.ChatPath, Json($"{{\"model\":\"{model}\",{Hello}}}"));

        var error = await ErrorEnvelope.AssertAsync(fixture.Router, response, 400, "invalid_request");
        Assert.Equal(code, error["availability"]!["code"]!.GetValue<string>());
        Assert.Equal([model], error["availability"]!["requested_models"]!.AsArray().Select(id => id!.GetValue<string>()));
    }

    [Fact]
    public async Task Body_that_is_not_UTF8_is_400()
    {
        var body = new ByteArrayContent([.. Encoding.UTF8.GetBytes("{\"model\":\"scripted/echo\",\"messages\":[{\"role\":\"user\",\"content\":\""), 0xff, 0xfe,
            .. Encoding.UTF8.GetBytes("\"}]}")]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await fixture.Router.Client.PostAsync(TestEnvironment.ChatPath, body);

        await ErrorEnvelope.AssertAsync(fixture.Router, response, 400, "invalid_request");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Wrong_content_type_is_400(string contentType)
    {
        var body = new StringContent($"{{\"model\":\"scripted/echo\",{Hello}}}");
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using var response = await fixture.Router.Client.PostAsync(TestEnvironment.ChatPath, body);

        var error = await ErrorEnvelope.AssertAsync(fixture.Router, response, 400, "invalid_request");
        Assert.Equal("Content-Type", error["param"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/vnd.api+json")]
    [InlineData(null)]
    public async Task Content_type_of_JSON_or_none_is_accepted(string? contentType)
    {
        var body = new StringContent($"{{\"model\":\"scripted/echo\",{Hello}}}");
        body.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);

        using var response = await fixture.Router.Client.PostAsync(TestEnvironment.ChatPath, body);

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");
}

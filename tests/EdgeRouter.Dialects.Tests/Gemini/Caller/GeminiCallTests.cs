using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Gemini.Caller;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.Caller.GeminiSamples;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>What the path and the query of a request say.</summary>
public sealed class GeminiCallTests
{
    [Theory]
    [InlineData("gemini-2.5-pro:generateContent", "gemini-2.5-pro", false)]
    [InlineData("google/gemini-2.5-pro:generateContent", "google/gemini-2.5-pro", false)]
    [InlineData("google%2Fgemini-2.5-pro:streamGenerateContent", "google/gemini-2.5-pro", true)]
    [InlineData("google%2fgemini-2.5-pro:online:streamGenerateContent", "google/gemini-2.5-pro:online", true)]
    [InlineData("models/acme/one:free:generateContent", "acme/one:free", false)]
    public void Path_names_the_model_and_whether_it_streams(string path, string model, bool streams)
    {
        var facts = Read($"{{{Hello}}}", path).Facts;

        Assert.Equal((model, streams), (facts.Model, facts.Stream));
    }

    [Theory]
    [InlineData("a:streamGenerateContent", "sse", "text/event-stream")]
    [InlineData("a:streamGenerateContent", null, "application/json")]
    [InlineData("a:streamGenerateContent", "json", "application/json")]
    public void Query_chooses_the_form_of_a_stream(string path, string? alt, string mediaType) =>
        Assert.Equal(mediaType, new GeminiCallerApi().FormFor(new PathHead(path, alt)).StreamMediaType);

    [Fact]
    public void Forms_are_one_api()
    {
        var api = new GeminiCallerApi();

        Assert.Same(api, api.FormFor(new PathHead("a:generateContent", null)));
        Assert.Equal(api.Name, api.FormFor(new PathHead("a:streamGenerateContent", null)).Name);
    }

    [Theory]
    [InlineData(":generateContent", null, "model")]
    [InlineData("a b:generateContent", null, "model")]
    [InlineData("a\u0001:generateContent", null, "model")]
    [InlineData("é:generateContent", null, "model")]
    [InlineData("@preset/x:generateContent", null, "model")]
    [InlineData("a:generateContent", "proto", "alt")]
    public void Odd_path_or_query_is_refused(string path, string? alt, string field)
    {
        var error = Assert.Throws<RouterException>(() => Read($"{{{Hello}}}", path, alt)).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }

    [Fact]
    public void Name_longer_than_any_models_is_refused()
    {
        Read($"{{{Hello}}}", new string('a', 256) + ":generateContent");

        Assert.Throws<RouterException>(() => Read($"{{{Hello}}}", new string('a', 257) + ":generateContent"));
    }

    [Theory]
    [InlineData("acme/one")]
    [InlineData("models/acme/one")]
    public void Model_of_the_body_may_repeat_that_of_the_path(string model) =>
        Assert.Equal("acme/one", With($"\"model\":\"{model}\"").Facts.Model);

    [Fact]
    public void Another_model_in_the_body_is_refused() =>
        Assert.Equal("model", Assert.Throws<RouterException>(() => With("\"model\":\"acme/two\"")).Error.Field);

    [Fact]
    public void Without_a_path_the_body_names_the_model() =>
        Assert.Equal("acme/two", new GeminiCallerApi().Read(NoHead.Instance,
            System.Text.Encoding.UTF8.GetBytes($"{{\"model\":\"models/acme/two\",{Hello}}}")).Facts.Model);
}

using Xunit;

namespace EdgeRouter.FunctionalTests.Embeddings;

/// <summary>The scripted provider's embeddings, as a newcomer tries them.</summary>
public sealed class ScriptedEmbeddingsTests
{
    [Theory]
    [InlineData("float")]
    [InlineData("base64")]
    public async Task Same_text_has_the_same_vector_and_texts_with_words_in_common_are_near(string encoding)
    {
        await using var environment = new TestEnvironment();
        await environment.StartRouterAsync();

        var answer = await AskAsync(environment, $$"""
            {"model":"scripted/embeddings","encoding_format":"{{encoding}}","dimensions":256,
             "input":["the cat sat on the mat","The cat sat on a mat","stock prices fell sharply today","the cat sat on the mat"]}
            """);

        var vectors = answer.Vectors();
        Assert.All(vectors, vector => Assert.Equal(256, vector.Length));
        Assert.All(vectors, vector => Assert.Equal(1, Product(vector, vector), 0.0001));
        Assert.Equal(vectors[0], vectors[3]);
        Assert.True(Product(vectors[0], vectors[1]) > Product(vectors[0], vectors[2]) + 0.3);
        Assert.True(answer.Usage!["prompt_tokens"]!.GetValue<int>() > 4);
    }

    [Theory]
    [InlineData("""{"model":"scripted/embeddings","input":"one","dimensions":5000}""", 400)]
    [InlineData("""{"model":"scripted/embeddings","input":[1,2,3]}""", 200)]
    [InlineData("""{"model":"scripted/embeddings","input":[[1,2],[3]]}""", 200)]
    [InlineData("""{"model":"scripted/echo","input":"one"}""", 404)]
    public async Task It_answers_as_a_provider_would(string body, int status)
    {
        await using var environment = new TestEnvironment();
        await environment.StartRouterAsync();

        Assert.Equal(status, (await AskAsync(environment, body)).Status);
    }

    private static async Task<CallerAnswer> AskAsync(TestEnvironment environment, string body)
    {
        using var response = await environment.PostEmbeddingsAsync(body, "/v1/embeddings");
        return await CallerAnswer.ReadAsync(response);
    }

    private static double Product(float[] one, float[] other) => one.Zip(other, (a, b) => (double)a * b).Sum();
}

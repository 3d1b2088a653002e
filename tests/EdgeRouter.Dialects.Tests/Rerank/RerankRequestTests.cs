using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Rerank.Caller;
using EdgeRouter.Dialects.Rerank.Requests;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Rerank;

/// <summary>How a request for reranking is read.</summary>
public sealed class RerankRequestTests
{
    private const string Documents = "expected a non-empty array of documents";

    private static readonly RerankCallerApi Api = new();

    [Fact]
    public void Query_is_counted_with_each_document()
    {
        var request = Read("""{"model":"acme/one","documents":["12345",{"text":"67"},{"image":"AAAA","text":"8"}],"query":"abc","top_n":9}""");

        // The query's bytes are counted with its quotes, but for the first document.
        Assert.Equal((3, 8L + 3 + 2 * 5, 1, 3), (request.Facts.PromptCount, request.Facts.TextBytes, request.Facts.ImageCount, request.ResultCount));
        Assert.Same(Operation.Rerank, request.Facts.Operation);
    }

    [Theory]
    [InlineData("{}", "query", "required, expected a non-empty string")]
    [InlineData("""{"query":"a"}""", "documents", "required, " + Documents)]
    [InlineData("""{"query":"","documents":["a"]}""", "query", "expected a non-empty string")]
    [InlineData("""{"query":["a"],"documents":["a"]}""", "query", "expected a non-empty string")]
    [InlineData("""{"query":"a","documents":[]}""", "documents", Documents)]
    [InlineData("""{"query":"a","documents":"b"}""", "documents", Documents)]
    [InlineData("""{"query":"a","documents":["b",7]}""", "documents[1]", "expected a string or an object with text or image")]
    [InlineData("""{"query":"a","documents":[{}]}""", "documents[0].text", "required, unless there is an image")]
    [InlineData("""{"query":"a","documents":[{"text":7}]}""", "documents[0].text", "expected a string")]
    [InlineData("""{"query":"a","documents":[{"image":""}]}""", "documents[0].image", "expected a non-empty string")]
    [InlineData("""{"query":"a","documents":["b"],"top_n":0}""", "top_n", "expected an integer of at least 1")]
    [InlineData("""{"query":"a","documents":["b"],"stream":true}""", "stream", "rerankings are not streamed; expected false")]
    [InlineData("""{"query":"a","documents":["b"],"provider":{"sort":7}}""", "provider.sort", "expected the name of an ordering, or an object")]
    public void Faults_are_told_at_the_place_in_the_callers_body(string body, string field, string expected)
    {
        var error = Assert.Throws<RouterException>(() => Read(body)).Error;

        Assert.Equal((400, field, expected), (error.Status, error.Field, error.Message[(error.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void Documents_are_bounded_in_number(int count, bool isTaken)
    {
        var body = $"{{\"query\":\"a\",\"documents\":[{string.Join(',', Enumerable.Repeat("\"a\"", count))}]}}";

        if (isTaken) Assert.Equal(count, Read(body).Facts.PromptCount);
        else Assert.Equal("documents", Assert.Throws<RouterException>(() => Read(body)).Error.Field);
    }

    [Theory]
    [InlineData("AAAA", null)]
    [InlineData("data:image/png;base64,AAAA", null)]
    [InlineData("https://example.com/a.png", 1)]
    [InlineData("HTTP:\\/\\/localhost\\/", 1)]
    [InlineData("file:///etc/passwd", 1)]
    public void Images_that_would_be_fetched_are_found(string image, int? index) =>
        Assert.Equal(index, ((RerankScan)Read($"{{\"query\":\"a\",\"documents\":[\"b\",{{\"image\":\"{image}\"}}]}}").Facts).DocumentWithUrl);

    private static RerankRequest Read(string body) => (RerankRequest)Api.Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));
}

using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Embeddings.Caller;
using EdgeRouter.Dialects.Embeddings.Requests;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Embeddings;

/// <summary>How a request for embeddings is read.</summary>
public sealed class EmbeddingsRequestTests
{
    private const string Expected = "expected a string, or an array of strings, of token ids, of arrays of token ids or of objects with content";

    private static readonly EmbeddingsCallerApi Api = new();

    [Theory]
    [InlineData("\"12345678\"", 1, 8, 0)]
    [InlineData("[\"1234\",\"567\"]", 2, 7, 0)]
    [InlineData("[1,2,3]", 1, 12, 0)]
    [InlineData("[[1,2],[3]]", 2, 12, 0)]
    [InlineData("""[{"content":[{"type":"text","text":"1234"}]}]""", 1, 4, 0)]
    [InlineData("""
        [{"content":[{"type":"text","text":"12"},{"type":"image_url","image_url":{"url":"https://a/b.png"}}]},{"content":[{"type":"text","text":"3"}]}]
        """, 2, 3, 1)]
    public void Inputs_are_counted(string input, int inputs, int textBytes, int images)
    {
        var facts = Read($"{{\"model\":\"acme/one\",\"input\":{input}}}").Facts;

        Assert.Equal((inputs, (long)textBytes, images, images), (facts.PromptCount, facts.TextBytes, facts.MediaCount, facts.ImageCount));
        Assert.Equal(images > 0 ? InputModalities.Image : InputModalities.None, facts.Modalities);
        Assert.Same(Operation.Embeddings, facts.Operation);
    }

    [Theory]
    [InlineData("{}", "input", "required, " + Expected)]
    [InlineData("""{"input":null}""", "input", Expected)]
    [InlineData("""{"input":7}""", "input", Expected)]
    [InlineData("""{"input":{}}""", "input", Expected)]
    [InlineData("""{"input":[]}""", "input", Expected)]
    [InlineData("""{"input":[true]}""", "input", Expected)]
    [InlineData("""{"input":""}""", "input", "expected a non-empty string")]
    [InlineData("""{"input":["a",""]}""", "input[1]", "expected a non-empty string")]
    [InlineData("""{"input":["a",1]}""", "input[1]", "expected an input of the same kind as the first: " + Expected)]
    [InlineData("""{"input":[[1],2]}""", "input[1]", "expected an input of the same kind as the first: " + Expected)]
    [InlineData("""{"input":[1,"a"]}""", "input[1]", "expected a token id")]
    [InlineData("""{"input":[1.5]}""", "input[0]", "expected a token id")]
    [InlineData("""{"input":[-1]}""", "input[0]", "expected a token id")]
    [InlineData("""{"input":[2147483648]}""", "input[0]", "expected a token id")]
    [InlineData("""{"input":[[1],[]]}""", "input[1]", "expected a non-empty array of token ids")]
    [InlineData("""{"input":[["a"]]}""", "input[0][0]", "expected a token id")]
    [InlineData("""{"input":["\ud800"]}""", "input[0]", "expected text, but an escape is half of a surrogate pair")]
    [InlineData("""{"input":[{}]}""", "input[0].content", "required, expected a non-empty array of content parts")]
    [InlineData("""{"input":[{"content":"a"}]}""", "input[0].content", "expected a non-empty array of content parts")]
    [InlineData("""{"input":[{"content":[]}]}""", "input[0].content", "expected a non-empty array of content parts")]
    [InlineData("""{"input":[{"content":[{"type":"refusal","refusal":"a"}]}]}""", "input[0].content[0].type",
        "expected the type of a content part, one of 'text', 'image_url', 'input_audio', 'video_url', 'input_video', 'file', not 'refusal'")]
    [InlineData("""{"input":[{"content":[{"type":"image_url","image_url":{}}]}]}""", "input[0].content[0].image_url.url",
        "required, expected a non-empty string")]
    [InlineData("""{"input":"a","input":"b"}""", "input", "expected once, but the object has two members of that name")]
    [InlineData("""{"input":"a","Input":"b"}""", "Input",
        "expected the spelling 'input', not 'Input': a provider that ignores case would take one for the other")]
    [InlineData("""{"input":"a","dimensions":0}""", "dimensions", "expected an integer of at least 1")]
    [InlineData("""{"input":"a","dimensions":"2"}""", "dimensions", "expected an integer of at least 1")]
    [InlineData("""{"input":"a","encoding_format":"int8"}""", "encoding_format", "expected one of 'float', 'base64'")]
    [InlineData("""{"input":"a","input_type":7}""", "input_type", "expected a string of at most 64 characters")]
    [InlineData("""{"input":"a","stream":true}""", "stream", "embeddings are not streamed; expected false")]
    [InlineData("""{"input":"a","user":7}""", "user", "expected a string")]
    [InlineData("""{"input":"a","model":""}""", "model", "expected a non-empty string")]
    [InlineData("""{"input":"a","models":[1]}""", "models[0]", "expected a non-empty string")]
    [InlineData("""{"input":"a","provider":{"onyl":[]}}""", "provider.onyl", "Unrecognized key(s) in object: 'onyl'")]
    [InlineData("""{"input":"a","session_id":7}""", "session_id", "expected a string of at most 256 characters")]
    [InlineData("""{"input":"a","trace":7}""", "trace", "expected an object")]
    [InlineData("""["a"]""", "body", "expected a JSON object")]
    public void Faults_are_told_at_the_place_in_the_callers_body(string body, string field, string expected)
    {
        var error = Assert.Throws<RouterException>(() => Read(body)).Error;

        Assert.Equal((400, field, expected), (error.Status, error.Field, error.Message[(error.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]));
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void Inputs_are_bounded_in_number(int count, bool isTaken)
    {
        var body = $"{{\"input\":[{string.Join(',', Enumerable.Repeat("\"a\"", count))}]}}";

        if (isTaken) Assert.Equal(count, Read(body).Facts.PromptCount);
        else Assert.Contains("input: expected at most 2048 inputs", Assert.Throws<RouterException>(() => Read(body)).Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_members_are_the_same_as_absent_ones()
    {
        var request = Read("""{"model":"acme/one","input":"a","dimensions":null,"encoding_format":null,"input_type":null,"stream":null,"provider":null}""");

        Assert.Equal(((int?)null, (string?)null), (request.ReadInputs().Dimensions, request.ReadInputs().InputType));
        Assert.False(request.Facts.Stream);
    }

    [Fact]
    public void In_the_content_model_each_input_is_a_message_of_the_user()
    {
        var inputs = Read("""
            {"model":"acme/one","dimensions":7,"input_type":"search_query","user":"u","input":[
              {"content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},
              {"content":[{"type":"text","text":"b"}]}]}
            """).ReadInputs();

        Assert.Equal((7, "search_query", "u"), (inputs.Dimensions, inputs.InputType, inputs.Inputs.User));
        Assert.All(inputs.Inputs.Messages, message => Assert.Equal(ChatRole.User, message.Role));
        Assert.Equal([new TextPart("a"), new ImagePart("data:image/png;base64,AA==")], inputs.Inputs.Messages[0].Content);
        Assert.Equal([new TextPart("b")], inputs.Inputs.Messages[1].Content);
    }

    [Fact]
    public void Nothing_of_the_body_is_kept_once_it_is_forgotten()
    {
        var request = Read("""{"input":["a","b"],"user":"u"}""");

        request.Forget();

        Assert.Equal((2, "u"), (request.Facts.PromptCount, request.Facts.User));
        Assert.True(((EmbeddingsScan)request.Facts).Body.IsEmpty);
    }

    private static EmbeddingsRequest Read(string body) => (EmbeddingsRequest)Api.Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));
}

using System.Text;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiTarget;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiSignatureTests
{
    private const string Skip = "skip_thought_signature_validator";
    private static readonly ToolCallPart First = new("a", "f", "{}");
    private static readonly ToolCallPart Second = new("b", "g", "{}");

    [Theory]
    [InlineData(Gemini2)]
    [InlineData(Gemini3)]
    public void Signature_kept_with_the_call_is_sent_back(string model) =>
        Assert.Equal(["s1", null], CallSignatures(Calls(First with { Signature = "s1" }, Second), model));

    [Fact]
    public void Signature_handed_back_as_an_encrypted_block_finds_its_call() =>
        Assert.Equal(["s1", "s2"], CallSignatures(Says(Encrypted("s2", "b"), Encrypted("s1", "a"), First, Second), Gemini3));

    [Fact]
    public void Encrypted_block_of_another_provider_is_not_sent() =>
        Assert.Equal([Skip],
            CallSignatures(Says(Encrypted("x", "a") with { Format = ReasoningFormats.OpenAIResponses }, First), Gemini3));

    [Fact]
    public void Lost_signature_is_substituted_on_the_first_call_of_each_turn_from_gemini_3_on()
    {
        var request = Ask(User("1"), Calls(First, Second), Result("a", "x"), Result("b", "y"), Calls(First with { Id = "c" }), Result("c", "z"));

        Assert.Equal([Skip, null, Skip], CallSignatures(request, Gemini3));
        Assert.Equal([null, null, null], CallSignatures(request, Gemini2));
    }

    [Fact]
    public void Signature_of_text_goes_back_with_the_last_text() =>
        Assert.EndsWith("""{"role":"model","parts":[{"text":"x"},{"text":"y","thoughtSignature":"s"}]}]}""",
            Write(Ask(User("1"), Says(Encrypted("s", null), new TextPart("x"), new TextPart("y"))), Gemini3),
            StringComparison.Ordinal);

    [Fact]
    public void Signature_without_content_goes_back_with_an_empty_text() =>
        Assert.EndsWith(
            """{"role":"model","parts":[{"text":"","thoughtSignature":"s"},{"functionCall":{"id":"a","name":"f","args":{}},"thoughtSignature":"t"}]}]}""",
            Write(Ask(User("1"), Says(Encrypted("s", null), First with { Signature = "t" })), Gemini3),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("gemini-2.5-flash-image", null, null)]
    [InlineData("gemini-3-pro-preview", null, Skip)]
    [InlineData("gemini-3-pro-image", Skip, Skip)]
    public void Lost_signatures_of_made_pictures_are_substituted(string model, string? onText, string? onPicture)
    {
        var made = new ChatMessage { Role = ChatRole.Assistant, Content = [new TextPart("here"), new ImagePart("data:image/png;base64,AA==")] };

        Assert.Equal([onText, onPicture], Signatures(Write(Ask(User("draw"), made), model), "text", "inlineData").Skip(1));
    }

    [Fact]
    public void Signatures_survive_the_way_there_and_back()
    {
        var body = """
            {"candidates":[{"content":{"parts":[
              {"text":"Let me see.","thoughtSignature":"T1"},
              {"functionCall":{"id":"c1","name":"f","args":{"x":1}},"thoughtSignature":"C1"},
              {"functionCall":{"id":"c2","name":"g","args":{}}}]},"finishReason":"STOP"}]}
            """;
        var message = new GeminiWire().ReadResponse(Encoding.UTF8.GetBytes(body), GoogleAiStudio).Choices[0].Message;

        Assert.EndsWith(
            """{"role":"model","parts":[{"text":"Let me see.","thoughtSignature":"T1"},{"functionCall":{"id":"c1","name":"f","args":{"x":1}}"""
                + ""","thoughtSignature":"C1"},{"functionCall":{"id":"c2","name":"g","args":{}}}]}]}""",
            Write(Ask(User("1"), message), Gemini3),
            StringComparison.Ordinal);
    }

    private static ChatMessage Says(params ContentPart[] parts) => new() { Role = ChatRole.Assistant, Content = parts };

    private static ReasoningPart Encrypted(string data, string? id) =>
        new(ReasoningKind.Encrypted) { Data = data, Id = id, Format = ReasoningFormats.Gemini };

    private static IEnumerable<string?> CallSignatures(ChatMessage message, string model) => CallSignatures(Ask(User("1"), message), model);

    private static IEnumerable<string?> CallSignatures(ChatRequest request, string model) => Signatures(Write(request, model), "functionCall");

    private static IEnumerable<string?> Signatures(string json, params string[] kinds) =>
        from content in Parsed(json).GetProperty("contents").EnumerateArray()
        from part in content.GetProperty("parts").EnumerateArray()
        where kinds.Any(kind => part.TryGetProperty(kind, out _))
        select part.TryGetProperty("thoughtSignature", out var signature) ? signature.GetString() : null;
}

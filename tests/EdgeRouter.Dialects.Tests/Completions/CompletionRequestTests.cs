using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.Completions.Requests;
using EdgeRouter.Dialects.Completions.Wire;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Completions;

/// <summary>How a completion request is read.</summary>
public sealed class CompletionRequestTests
{
    private static readonly CompletionsCallerApi Api = new();

    [Fact]
    public void Prompt_becomes_one_user_message_with_the_members_that_chat_has()
    {
        var request = Read("""{"model":"acme/one","prompt":"Say \"hi\"","temperature":0.5,"max_tokens":7,"n":2,"stop":"END","seed":1,"logit_bias":{"1":5}}""");

        var conversation = request.GetConversation();

        var message = Assert.Single(conversation.Messages);
        Assert.Equal((ChatRole.User, "Say \"hi\""), (message.Role, Assert.IsType<TextPart>(Assert.Single(message.Content)).Text));
        Assert.Equal((0.5, 7, 2), (conversation.Sampling.Temperature, conversation.MaxOutputTokens, conversation.ChoiceCount));
        Assert.Equal(["END"], conversation.Sampling.Stop!);
        Assert.Equal(RequestParameters.LogitBias, request.Facts.Parameters & RequestParameters.LogitBias);
        Assert.Same(Operation.Completion, request.Facts.Operation);
    }

    [Theory]
    [InlineData("\"prompt\":\"12345678\"", 1, 1, 1, 8)]
    [InlineData("\"prompt\":[\"1234\"],\"suffix\":\"56\"", 1, 1, 1, 6)]
    [InlineData("\"prompt\":[\"1234\",\"567\"],\"n\":3", 2, 6, 6, 7)]
    [InlineData("\"prompt\":[1,2,3],\"n\":2,\"best_of\":5", 1, 2, 5, 12)]
    [InlineData("\"prompt\":[[1,2],[3]],\"best_of\":4", 2, 2, 8, 12)]
    public void Prompts_and_choices_are_counted(string members, int prompts, int choices, int billed, int textBytes)
    {
        var facts = Read($"{{\"model\":\"acme/one\",{members}}}").Facts;

        Assert.Equal((prompts, choices, billed, (long)textBytes), (facts.PromptCount, facts.ChoiceCount, facts.BilledChoices, facts.TextBytes));
    }

    [Theory]
    [InlineData("{}", "prompt")]
    [InlineData("""{"prompt":null}""", "prompt")]
    [InlineData("""{"prompt":""}""", "prompt")]
    [InlineData("""{"prompt":[]}""", "prompt")]
    [InlineData("""{"prompt":[["a"]]}""", "prompt")]
    [InlineData("""{"prompt":[[1],2]}""", "prompt")]
    [InlineData("""{"prompt":[2147483648]}""", "prompt")]
    [InlineData("""{"prompt":["\ud800"]}""", "prompt")]
    [InlineData("""{"prompt":7}""", "prompt")]
    [InlineData("""{"prompt":{}}""", "prompt")]
    [InlineData("""{"prompt":["a",1]}""", "prompt")]
    [InlineData("""{"prompt":[1,"a"]}""", "prompt")]
    [InlineData("""{"prompt":[1.5]}""", "prompt")]
    [InlineData("""{"prompt":[-1]}""", "prompt")]
    [InlineData("""{"prompt":[[]]}""", "prompt")]
    [InlineData("""{"prompt":"a","prompt":"b"}""", "prompt")]
    [InlineData("""{"prompt":"a","\u0070rompt":"b"}""", "prompt")]
    [InlineData("""{"prompt":"a","prompt":null}""", "prompt")]
    [InlineData("""{"prompt":"a","n":null,"n":5}""", "n")]
    [InlineData("""{"prompt":"a","max_tokens":5,"max_\u0074okens":null}""", "max_tokens")]
    [InlineData("""{"prompt":"a","x_own":null,"x_own":1}""", "x_own")]
    [InlineData("""{"prompt":"a","suffix":1}""", "suffix")]
    [InlineData("""{"prompt":"a","suffix":"\ud800"}""", "suffix")]
    [InlineData("""{"prompt":"a","echo":"yes"}""", "echo")]
    [InlineData("""{"prompt":"a","best_of":0}""", "best_of")]
    [InlineData("""{"prompt":"a","best_of":1,"n":2}""", "best_of")]
    [InlineData("""{"prompt":"a","best_of":2,"stream":true}""", "best_of")]
    [InlineData("""{"prompt":"a","logprobs":true}""", "logprobs")]
    [InlineData("""{"prompt":"a","logprobs":21}""", "logprobs")]
    [InlineData("""{"prompt":"a","messages":[]}""", "messages")]
    [InlineData("""{"prompt":"a","tools":[]}""", "tools")]
    [InlineData("""{"prompt":"a","temperature":3}""", "temperature")]
    [InlineData("""{"prompt":"a","provider":{"onyl":[]}}""", "provider")]
    [InlineData("""{"prompt":"a"} x""", "body")]
    [InlineData("""{"prompt":"a",""", "body")]
    [InlineData("""["a"]""", "body")]
    [InlineData("", "body")]
    public void Faults_are_refused_by_name(string body, string field)
    {
        var error = Assert.Throws<RouterException>(() => Read(body)).Error;

        Assert.Equal(400, error.Status);
        Assert.StartsWith(field, error.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_members_are_the_same_as_absent_ones()
    {
        var request = Read("""{"model":"acme/one","prompt":"a","suffix":null,"echo":null,"best_of":null,"logprobs":null,"messages":null,"n":null}""");

        Assert.Equal((1, 1L), (request.Facts.BilledChoices, request.Facts.TextBytes));
        Assert.Equal("a", Assert.IsType<TextPart>(request.GetConversation().Messages[0].Content[0]).Text);
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(2049, false)]
    public void Prompts_are_bounded_in_number(int count, bool isTaken)
    {
        var body = $"{{\"prompt\":[{string.Join(',', Enumerable.Repeat("[1]", count))}]}}";

        if (isTaken) Assert.Equal(count, Read(body).Facts.PromptCount);
        else Assert.Equal(("prompt", "expected at most 2048 prompts"), Fault(body));
    }

    [Theory]
    [InlineData("""{"prompt":"a","tools":[]}""", "tools", "expected no such member in a completion; chat/completions takes it")]
    [InlineData("""{"prompt":"a","reasoning":{"effort":"some"}}""", "reasoning.effort",
        "expected one of 'max', 'xhigh', 'high', 'medium', 'low', 'minimal', 'none'")]
    [InlineData("""{"prompt":"a","response_format":{"type":"json_schema","json_schema":{"name":"no good"}}}""", "response_format.json_schema.name",
        "expected only letters, digits, '_' and '-'")]
    [InlineData("""{"prompt":["a",{}]}""", "prompt", "expected a string, an array of strings, an array of token ids, or an array of such arrays")]
    public void Faults_are_told_at_the_place_in_the_callers_body(string body, string field, string expected) =>
        Assert.Equal((field, expected), Fault(body));

    [Fact]
    public void Conversations_are_told_apart_by_their_prompts()
    {
        string[] prompts = ["\"a\"", "\"b\"", "[1]", "[2]", "[\"a\",\"b\"]"];

        ulong?[] hashes = [.. prompts.Select(prompt => Read($"{{\"prompt\":{prompt}}}").Facts.ConversationHash)];

        Assert.Distinct(hashes);
        Assert.DoesNotContain(null, hashes);
    }

    [Fact]
    public void Nothing_of_the_body_is_kept_once_it_is_forgotten()
    {
        var request = Read("""{"prompt":"a","best_of":2,"user":"u"}""");

        request.Forget();

        Assert.Equal((1, 2, "u"), (request.Facts.PromptCount, request.Facts.BilledChoices, request.Facts.User));
        Assert.True(((CompletionScan)request.Facts).Body.IsEmpty);
    }

    [Theory]
    [InlineData("\"prompt\":\"a\"", true)]
    [InlineData("\"prompt\":[\"a\"]", true)]
    [InlineData("\"prompt\":[\"a\",\"b\"]", false)]
    [InlineData("\"prompt\":[1,2]", false)]
    [InlineData("\"prompt\":\"a\",\"suffix\":\"s\"", false)]
    [InlineData("\"prompt\":\"a\",\"suffix\":\"\"", true)]
    [InlineData("\"prompt\":\"a\",\"echo\":true", false)]
    [InlineData("\"prompt\":\"a\",\"echo\":false", true)]
    [InlineData("\"prompt\":\"a\",\"logprobs\":0", false)]
    [InlineData("\"prompt\":\"a\",\"n\":2", false)]
    public void Only_the_continuation_of_one_plain_text_can_be_taken_up_by_another_provider(string members, bool canBe) =>
        Assert.Equal(canBe, Read($"{{\"stream\":true,{members}}}").CanBeContinued);

    [Fact]
    public void Only_wires_for_conversations_can_take_it_up()
    {
        var request = Read("""{"prompt":"a","stream":true}""");

        Assert.True(request.CanBeContinuedOn(new OpenAIChatWire()));
        Assert.False(request.CanBeContinuedOn(new CompletionsWire()));
    }

    private static (string? Field, string Expected) Fault(string body)
    {
        var error = Assert.Throws<RouterException>(() => Read(body)).Error;
        return (error.Field, error.Message[(error.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
    }

    private static ConversationRequest Read(string body) => (ConversationRequest)Api.Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));
}

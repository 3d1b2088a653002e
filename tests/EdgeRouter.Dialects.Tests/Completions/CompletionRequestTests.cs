using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Completions.Caller;
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
    [InlineData("\"prompt\":[\"1234\",\"567\"],\"n\":3", 2, 6, 6, 8)]
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
    [InlineData("""{"prompt":[]}""", "prompt")]
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

    private static ConversationRequest Read(string body) => (ConversationRequest)Api.Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));
}

using System.Buffers;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.Completions.Wire;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Tests.OpenAIChat.Request;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Conversation;

/// <summary>From a caller's body to a wire: errors and dropped parameters are spelled as the caller wrote them, whatever the wire.</summary>
public sealed class CallerFieldsTests
{
    private static readonly Dictionary<string, IProviderWire> Wires = new IProviderWire[]
    {
        new OpenAIChatWire(), new CompletionsWire(), new AnthropicMessagesWire(), new GeminiWire(),
    }.ToDictionary(wire => wire.Name);

    private static readonly Dictionary<string, ICallerApi> Apis = new ICallerApi[] { new OpenAIChatCallerApi(), new CompletionsCallerApi() }
        .ToDictionary(api => api.Name);

    [Theory]
    [InlineData("chat", "anthropic-messages",
        """{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}]}]}""",
        "messages[0].content[0].input_audio")]
    [InlineData("chat", "anthropic-messages", """{"messages":[{"role":"system","content":"x"}]}""", "messages")]
    [InlineData("chat", "anthropic-messages", """{"prompt":" "}""", "prompt")]
    [InlineData("chat", "gemini", """{"messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"c","content":"y"}]}""",
        "messages[1].tool_call_id")]
    [InlineData("chat", "gemini", """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"ftp://x"}}]}]}""",
        "messages[0].content[0].image_url.url")]
    [InlineData("completion", "anthropic-messages", """{"prompt":" "}""", "prompt")]
    [InlineData("completion", "anthropic-messages", """{"prompt":["a","b"]}""", "prompt")]
    [InlineData("completion", "gemini", """{"prompt":[1,2]}""", "prompt")]
    [InlineData("completion", "openai-chat", """{"prompt":"a","suffix":"b"}""", "suffix")]
    public async Task Error_names_the_field_as_the_caller_wrote_it(string api, string wire, string body, string field)
    {
        var request = Apis[api].Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));

        var error = (await Assert.ThrowsAsync<RouterException>(async () => await WriteAsync(request, wire, []))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }

    [Theory]
    [InlineData("chat", "openai-chat", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", "")]
    [InlineData("chat", "anthropic-messages", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", "logit_bias min_p n top_logprobs x_own")]
    [InlineData("chat", "gemini", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", "logit_bias min_p user verbosity x_own")]
    [InlineData("completion", "openai-chat", "\"prompt\":\"x\",\"logprobs\":1,\"best_of\":3", "best_of logprobs")]
    [InlineData("completion", "openai-completions", "\"prompt\":\"x\",\"logprobs\":1,\"best_of\":3", "top_logprobs verbosity")]
    [InlineData("completion", "anthropic-messages", "\"prompt\":\"x\",\"logprobs\":1,\"best_of\":3", "best_of logit_bias logprobs min_p n top_logprobs x_own")]
    [InlineData("completion", "gemini", "\"prompt\":\"x\",\"logprobs\":1,\"best_of\":3", "best_of logit_bias logprobs min_p user verbosity x_own")]
    public async Task What_a_wire_cannot_carry_has_the_name_that_the_caller_wrote(string api, string wire, string members, string dropped)
    {
        var body = $$"""{{{members}},"min_p":0.1,"n":2,"top_logprobs":2,"verbosity":"low","user":"u","logit_bias":{"1":5},"x_own":1}""";
        var names = new List<string>();

        await WriteAsync(Apis[api].Read(NoHead.Instance, Encoding.UTF8.GetBytes(body)), wire, names);

        Assert.Equal(dropped, string.Join(' ', names.Order(StringComparer.Ordinal)));
    }

    private static ValueTask WriteAsync(CallerRequest request, string wire, ICollection<string> dropped)
    {
        var permissive = RequestTargets.Permissive.Endpoint;
        var endpoint = new Endpoint
        {
            Model = permissive.Model,
            Provider = new Provider { Slug = "provider", Name = "Provider", Wire = wire, Auth = AuthSchemes.Bearer },
            Tag = permissive.Tag,
            UpstreamModel = permissive.UpstreamModel,
            SupportedParameters = permissive.SupportedParameters,
            DataPolicy = permissive.DataPolicy,
        };
        return request.CreateExchange(Wires[wire], endpoint)
            .WriteRequestAsync(new ArrayBufferWriter<byte>(), dropped, NoFetches.Instance, TestContext.Current.CancellationToken);
    }
}

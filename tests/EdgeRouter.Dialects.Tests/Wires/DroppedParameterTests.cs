using System.Buffers;
using System.Text;
using EdgeRouter.Core.Catalog;
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

namespace EdgeRouter.Dialects.Tests.Wires;

/// <summary>What an endpoint is not sent is named, on every path to it.</summary>
public sealed class DroppedParameterTests
{
    private const string Tool = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
    private static readonly WireTarget Refusing = RequestTargets.Create(supported: RequestParameters.None, refused: RequestTargets.Everything);

    /// <summary>Name, and a value that has an effect.</summary>
    public static TheoryData<string, string> Chat => new()
    {
        { "max_tokens", "\"max_tokens\":5" },
        { "max_tokens", "\"max_completion_tokens\":5" },
        { "n", "\"n\":2" },
        { "temperature", "\"temperature\":1" },
        { "top_p", "\"top_p\":0.5" },
        { "top_k", "\"top_k\":5" },
        { "min_p", "\"min_p\":0.5" },
        { "top_a", "\"top_a\":0.5" },
        { "frequency_penalty", "\"frequency_penalty\":1" },
        { "presence_penalty", "\"presence_penalty\":1" },
        { "repetition_penalty", "\"repetition_penalty\":0.5" },
        { "seed", "\"seed\":7" },
        { "stop", "\"stop\":[\"a\"]" },
        { "stop", "\"stop\":\"a\"" },
        { "logprobs", "\"logprobs\":true" },
        { "top_logprobs", "\"top_logprobs\":3" },
        { "tools", Tool },
        { "tool_choice", Tool + ",\"tool_choice\":\"required\"" },
        { "parallel_tool_calls", Tool + ",\"parallel_tool_calls\":false" },
        { "response_format", "\"response_format\":{\"type\":\"json_object\"}" },
        { "response_format", "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"s\"}}" },
        { "reasoning", "\"reasoning\":{\"effort\":\"high\"}" },
        { "reasoning", "\"reasoning_effort\":\"high\"" },
        { "modalities", "\"modalities\":[\"image\"]" },
        { "cache_control", "\"cache_control\":{\"type\":\"ephemeral\"}" },
        { "verbosity", "\"verbosity\":\"low\"" },
        { "service_tier", "\"service_tier\":\"default\"" },
        { "service_tier", "\"speed\":\"fast\"" },
        { "user", "\"user\":\"u\"" },
        { "logit_bias", "\"logit_bias\":{\"1\":5}" },
        { "prediction", "\"prediction\":{\"type\":\"content\",\"content\":\"a\"}" },
        { "audio", "\"audio\":{\"voice\":\"v\"}" },
        { "image_config", "\"image_config\":{\"a\":1}" },
        { "prompt_cache_key", "\"prompt_cache_key\":\"k\"" },
        { "prompt_cache_options", "\"prompt_cache_options\":{\"mode\":\"explicit\"}" },
        { "web_search_options", "\"web_search_options\":{}" },
        { "x_search_filter", "\"x_search_filter\":{}" },
        { "search_parameters", "\"search_parameters\":{}" },
        { "x_own", "\"x_own\":1" },
    };

    /// <summary>Those that a completion may have too. Its own members have no bit, so that no endpoint refuses them.</summary>
    public static TheoryData<string, string> Completions => [.. Chat.Where(row =>
        !row.Data.Item2.Contains("tools", StringComparison.Ordinal) && row.Data.Item1 is not ("modalities" or "audio" or "logprobs"))];

    [Theory]
    [MemberData(nameof(Chat))]
    public async Task Chat_names_it_on_every_wire(string name, string members)
    {
        foreach (var wire in new IConversationWire[] { new OpenAIChatWire(), new AnthropicMessagesWire(), new GeminiWire() })
        {
            // The others turn these into something of their own, which the endpoint's row does not govern.
            if (wire is not OpenAIChatWire && name is "max_tokens" or "cache_control" or "modalities" or "audio" or "image_config") continue;
            var body = RequestCorpus.WithMembers(members);
            Assert.Contains(name, await DroppedAsync(new OpenAIChatCallerApi().Read(NoHead.Instance, body), wire));
        }
    }

    [Theory]
    [MemberData(nameof(Chat))]
    public async Task Chat_names_it_through_the_content_model(string name, string members)
    {
        // A legacy prompt cannot be spliced.
        var body = Encoding.UTF8.GetBytes($"{{\"prompt\":\"Hi\",{members}}}");

        Assert.Contains(name, await DroppedAsync(new OpenAIChatCallerApi().Read(NoHead.Instance, body), new OpenAIChatWire()));
    }

    [Theory]
    [MemberData(nameof(Completions))]
    public async Task Completion_names_it_on_both_paths(string name, string members)
    {
        foreach (var wire in new IProviderWire[] { new CompletionsWire(), new OpenAIChatWire() })
        {
            var body = Encoding.UTF8.GetBytes($"{{\"prompt\":\"Hi\",{members}}}");
            Assert.Contains(name, await DroppedAsync(new CompletionsCallerApi().Read(NoHead.Instance, body), wire));
        }
    }

    private static async Task<List<string>> DroppedAsync(CallerRequest request, IProviderWire wire)
    {
        var dropped = new List<string>();
        await request.CreateExchange(wire, Refusing.Endpoint)
            .WriteRequestAsync(new ArrayBufferWriter<byte>(), dropped, NoFetches.Instance, TestContext.Current.CancellationToken);
        Assert.Distinct(dropped);
        return dropped;
    }
}

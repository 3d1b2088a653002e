using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Gemini.Wire;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.PassThrough;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Wires;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

/// <summary>The pass-through exchange is taken where both sides speak chat, and only there.</summary>
public sealed class OpenAIChatExchangeTests
{
    private const string Plain = """{"model":"acme/one","temperature":0.5,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task Same_format_is_spliced_and_patched_without_the_content_model()
    {
        var exchange = Read(Plain).CreateExchange(new OpenAIChatWire(), Endpoint(WireNames.OpenAIChat));
        var output = new ArrayBufferWriter<byte>();

        await exchange.WriteRequestAsync(output, [], NoMedia.Instance, CancellationToken.None);

        Assert.IsType<OpenAIChatPassThrough>(exchange);
        Assert.Equal("chat/completions", exchange.Path);
        Assert.Equal("""{"model":"one-v1","temperature":0.5,"messages":[{"role":"user","content":"Hi"}]}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.IsType<OpenAIChatStreamPatcher>(exchange.CreateStreamTranscoder(Samples.Header));
        Assert.IsType<OpenAIChatResponsePatcher>(exchange.CreateResponseTranscoder(Samples.Header));
    }

    [Fact]
    public async Task Body_that_cannot_be_spliced_is_written_through_the_content_model_and_its_answer_patched()
    {
        var exchange = Read("""{"model":"acme/one","prompt":"Hi"}""").CreateExchange(new OpenAIChatWire(), Endpoint(WireNames.OpenAIChat));
        var output = new ArrayBufferWriter<byte>();

        await exchange.WriteRequestAsync(output, [], Same.Instance, CancellationToken.None);

        Assert.Contains("\"messages\":[{\"role\":\"user\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.IsType<OpenAIChatStreamPatcher>(exchange.CreateStreamTranscoder(Samples.Header));
    }

    [Fact]
    public void Other_formats_go_through_the_content_model()
    {
        foreach (var wire in (IProviderWire[])[new AnthropicMessagesWire(), new GeminiWire()])
        {
            var exchange = Read(Plain).CreateExchange(wire, Endpoint(wire.Name));

            Assert.IsType<CanonicalExchange>(exchange);
            Assert.IsType<CanonicalStreamTranscoder>(exchange.CreateStreamTranscoder(Samples.Header));
            Assert.IsType<CanonicalResponseTranscoder>(exchange.CreateResponseTranscoder(Samples.Header));
        }
    }

    private static CallerRequest Read(string body) => new OpenAIChatCallerApi().Read(NoHead.Instance, Encoding.UTF8.GetBytes(body));

    private static Endpoint Endpoint(string wire) => new()
    {
        Model = new Model
        {
            Id = "acme/one",
            CanonicalSlug = "acme/one",
            Name = "One",
            InputModalities = FrozenSet.Create("text"),
            OutputModalities = FrozenSet.Create("text"),
        },
        Provider = new Provider { Slug = "alpha", Name = "Alpha", Wire = wire, Auth = AuthSchemes.Bearer },
        Tag = "alpha",
        UpstreamModel = "one-v1",
        SupportedParameters = RequestParameters.Temperature,
        DataPolicy = DataPolicy.Unknown,
    };

    /// <summary>Fetches nothing.</summary>
    private sealed class Same : IMediaInliner
    {
        public static readonly Same Instance = new();

        public ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire,
            IRequestFields fields, CancellationToken cancellationToken) => new((request, null));
    }
}

using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using EdgeRouter.Core.Catalog;
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
        Assert.IsType<OpenAIChatStreamPatcher>(exchange.CreateStreamTranscoder(Samples.Header, null));
        Assert.IsType<OpenAIChatResponsePatcher>(exchange.CreateResponseTranscoder(Samples.Header, null));
    }

    [Fact]
    public async Task Body_that_cannot_be_spliced_is_written_through_the_content_model_and_its_answer_patched()
    {
        var exchange = Read("""{"model":"acme/one","prompt":"Hi"}""").CreateExchange(new OpenAIChatWire(), Endpoint(WireNames.OpenAIChat));
        var output = new ArrayBufferWriter<byte>();

        await exchange.WriteRequestAsync(output, [], NoFetches.Instance, CancellationToken.None);

        Assert.Contains("\"messages\":[{\"role\":\"user\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.IsType<OpenAIChatStreamPatcher>(exchange.CreateStreamTranscoder(Samples.Header, null));
    }

    /// <summary>A provider in the operator's network would fetch a URL from there.</summary>
    [Theory]
    [InlineData("image_url", "{\"url\":\"http://10.0.0.1/a\"}", true, true)]
    [InlineData("image_url", "{\"url\":\"http://10.0.0.1/a\"}", false, false)]
    [InlineData("file", "{\"file_data\":\"https://example.com/a.pdf\"}", true, true)]
    [InlineData("text", "\"http://10.0.0.1/a\"", true, false)]
    public async Task Media_are_inlined_where_urls_are_kept_from_the_provider(string type, string media, bool keepsUrls, bool inlines)
    {
        var exchange = Read($"{{\"model\":\"acme/one\",\"messages\":[{{\"role\":\"user\",\"content\":[{{\"type\":\"{type}\",\"{type}\":{media}}}]}}]}}")
            .CreateExchange(new OpenAIChatWire(), Endpoint(WireNames.OpenAIChat));
        var fetches = new NoFetches(keepsUrls);

        await exchange.WriteRequestAsync(new ArrayBufferWriter<byte>(), [], fetches, CancellationToken.None);

        Assert.Equal(inlines ? 1 : 0, fetches.Asked);
    }

    [Fact]
    public void Other_formats_go_through_the_content_model()
    {
        foreach (var wire in (IProviderWire[])[new AnthropicMessagesWire(), new GeminiWire()])
        {
            var exchange = Read(Plain).CreateExchange(wire, Endpoint(wire.Name));

            Assert.IsType<CanonicalExchange>(exchange);
            Assert.IsType<CanonicalStreamTranscoder>(exchange.CreateStreamTranscoder(Samples.Header, null));
            Assert.IsType<CanonicalResponseTranscoder>(exchange.CreateResponseTranscoder(Samples.Header, null));
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
}

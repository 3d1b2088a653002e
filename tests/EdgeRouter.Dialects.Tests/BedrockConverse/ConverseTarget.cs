using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.BedrockConverse.Wire;
using EdgeRouter.Dialects.Tests.AnthropicMessages;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Tests.BedrockConverse;

/// <summary>Endpoints of the wire, and what is written for them.</summary>
internal static class ConverseTarget
{
    public const string Claude = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";

    public static readonly Provider Provider =
        new() { Slug = "cloud", Name = "Cloud", Wire = WireNames.BedrockConverse, Auth = AuthSchemes.SigV4, CachedTokens = CachedTokenCounting.BesideInput };

    public static WireTarget Of(string upstreamModel, RequestParameters supported = AnthropicRequests.Everything, string id = "author/model")
    {
        var model = new Model
        {
            Id = id,
            CanonicalSlug = id,
            Name = "Model",
            InputModalities = FrozenSet<string>.Empty,
            OutputModalities = FrozenSet<string>.Empty,
        };
        var endpoint = new Endpoint
        {
            Model = model,
            Provider = Provider,
            Tag = Provider.Slug,
            UpstreamModel = upstreamModel,
            SupportedParameters = supported,
            DataPolicy = DataPolicy.Unknown,
        };
        return new WireTarget(endpoint, stream: false) { Fields = AnthropicRequests.Target().Fields };
    }

    public static (string Body, List<string> Dropped) Write(ChatRequest request, WireTarget target)
    {
        var output = new ArrayBufferWriter<byte>();
        var dropped = new List<string>();
        new BedrockConverseWire().WriteRequest(request, target, output, dropped);
        return (Encoding.UTF8.GetString(output.WrittenSpan), dropped);
    }

    /// <summary>What is written for a model whose family is not known.</summary>
    public static string Body(params ChatMessage[] messages) => Write(new ChatRequest { Messages = messages }, Of("meta.llama3-8b")).Body;
}

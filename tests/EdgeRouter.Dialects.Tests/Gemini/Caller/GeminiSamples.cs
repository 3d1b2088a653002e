using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Gemini.Caller;
using EdgeRouter.Dialects.Tests.AnthropicMessages.Caller;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Gemini.Caller;

/// <summary>What tests of the caller's side share: requests, and a client that joins a stream.</summary>
internal static class GeminiSamples
{
    public const string Hello = "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]";

    public static readonly AnswerHeader Header = new("gen-1760000000-AAabc", 1760000000, "acme/one", "Alpha", ExcludeReasoning: false);

    /// <summary>Reads a request whose path ends in this.</summary>
    public static ConversationRequest Read(string body, string call = "acme/one:generateContent", string? alt = null) =>
        (ConversationRequest)new GeminiCallerApi().Read(new PathHead(call, alt), Encoding.UTF8.GetBytes(body));

    /// <summary>Reads a request of these members, and of contents if they have none.</summary>
    public static ConversationRequest With(string members) => Read(members.Contains("\"contents\"", StringComparison.Ordinal)
        ? $"{{{members}}}" : $"{{{Hello}{(members.Length > 0 ? "," : "")}{members}}}");

    /// <summary>Reads a request of one content.</summary>
    public static ConversationRequest Saying(string role, string parts) =>
        With($"\"contents\":[{{\"role\":\"user\",\"parts\":[{{\"text\":\"Hi\"}}]}},{{\"role\":\"{role}\",\"parts\":[{parts}]}}]");

    /// <summary>What a provider gets of a request.</summary>
    public static Task<(JsonNode Body, List<string> Dropped)> SendAsync(CallerRequest request, Endpoint endpoint) =>
        MessagesSamples.SendAsync(request, endpoint);

    /// <summary>An endpoint of a model of Google's.</summary>
    public static Endpoint Google(string model = GeminiTarget.Gemini2, RequestParameters supported = (RequestParameters)ulong.MaxValue,
        RequestParameters refused = RequestParameters.None, string tag = "alpha")
    {
        var text = FrozenSet.Create("text");
        return new Endpoint
        {
            Model = new Model { Id = "acme/one", CanonicalSlug = "acme/one", Name = "One", InputModalities = text, OutputModalities = text },
            Provider = new Provider { Slug = "alpha", Name = "Alpha", Wire = WireNames.Gemini, Auth = AuthSchemes.XGoogApiKey, RefusedParameters = refused },
            Tag = tag,
            UpstreamModel = model,
            SupportedParameters = supported,
            DataPolicy = DataPolicy.Unknown,
        };
    }

    /// <summary>The answers that a stream of server-sent events consists of.</summary>
    public static List<JsonNode> Pieces(string stream)
    {
        var pieces = new List<JsonNode>();
        foreach (var line in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.StartsWith("data: ", line, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', line);
            pieces.Add(JsonNode.Parse(line["data: ".Length..])!);
        }
        return pieces;
    }

    /// <summary>The answer that pieces are, joined as clients join it: the candidates' parts put together, all else from the last piece.</summary>
    public static JsonObject Join(IReadOnlyList<JsonNode> pieces)
    {
        var parts = new SortedDictionary<int, List<JsonNode>>();
        foreach (var candidate in pieces.SelectMany(piece => piece["candidates"]!.AsArray()))
        {
            var index = (int)candidate!["index"]!;
            if (!parts.TryGetValue(index, out var known)) parts[index] = known = [];
            known.AddRange(candidate["content"]!["parts"]!.AsArray().Select(part => part!.DeepClone()));
        }
        var answer = pieces[^1].DeepClone().AsObject();
        foreach (var candidate in answer["candidates"]!.AsArray()) candidate!["content"]!["parts"] = Merge(parts[(int)candidate["index"]!]);
        return answer;
    }

    /// <summary>The same answer with its parts put together in the same way.</summary>
    public static JsonObject Merged(JsonNode whole)
    {
        var answer = whole.DeepClone().AsObject();
        foreach (var candidate in answer["candidates"]!.AsArray())
            candidate!["content"]!["parts"] = Merge([.. candidate["content"]!["parts"]!.AsArray().Select(part => part!.DeepClone())]);
        return answer;
    }

    /// <summary>Texts in a row are one, thoughts in a row are one up to a signature, and a signature without a text belongs to what is before it.</summary>
    private static JsonArray Merge(List<JsonNode> parts)
    {
        var merged = new JsonArray();
        foreach (var part in parts)
        {
            var (text, signature, last) = ((string?)part["text"], part["thoughtSignature"], merged.Count > 0 ? merged[^1] : null);
            var isThought = part["thought"] is not null;
            var joins = last is not null && last["thoughtSignature"] is null && text is not null
                && ((last["text"] is not null && last["thought"] is not null == isThought) || (text.Length == 0 && signature is not null && !isThought
                    && last["inlineData"] is not null));
            if (text is { Length: 0 } && signature is null && !isThought) continue;
            if (!joins) merged.Add(part.DeepClone());
            if (!joins) continue;
            if (last!["text"] is { } before) last["text"] = (string)before! + text;
            if (signature is not null) last["thoughtSignature"] = signature.DeepClone();
        }
        return merged;
    }

    internal sealed class PathHead(string? call, string? alt) : IRequestHead
    {
        public string? Header(string name) => null;

        public string? RouteValue(string name) => name == "call" ? call : null;

        public string? Query(string name) => name == "alt" ? alt : null;
    }
}

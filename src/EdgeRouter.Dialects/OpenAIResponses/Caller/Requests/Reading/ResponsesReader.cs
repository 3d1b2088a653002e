using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using Members = EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.ResponsesMembers;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;

/// <summary>
/// Full parse of a Responses request whose shape was checked, without what only OpenAI's API has. What it returns does not depend on the body's memory.
/// Stateless and thread-safe.
/// </summary>
internal static class ResponsesReader
{
    // Those that travel as they are to providers of the chat API.
    private static readonly ResponsesMember[] Extensions = [Members.PromptCacheKey, Members.PromptCacheOptions, Members.ImageConfig];

    /// <summary>Reads a request. Null members are the same as absent ones.</summary>
    /// <param name="scan">The scan of the body.</param>
    /// <param name="origins">Receives where things stand in the body; empty.</param>
    public static ChatRequest Read(ResponsesScan scan, ResponsesOrigins origins)
    {
        using var document = JsonDocument.Parse(scan.Body);
        var root = document.RootElement;
        var text = root.Member(Members.Text.Name);
        var topLogprobs = root.Member(Members.TopLogprobs.Name)?.GetInt32() is > 0 and var count ? count : (int?)null;
        var tools = root.Member(Members.Tools.Name) is { } given ? ResponsesToolReader.Read(given) : [];
        var choice = ResponsesToolReader.ReadChoice(root.Member(Members.ToolChoice.Name), tools);
        origins.Tools = [.. tools.Select(tool => tool with { Json = default })];
        return new ChatRequest
        {
            Model = root.Text(Members.Model.Name) ?? "",
            Messages = new ResponsesItemReader(origins.Messages).Read(root.Text(Members.Instructions.Name), root.GetProperty(Members.Input.Name)),
            Stream = scan.Stream,
            MaxOutputTokens = scan.MaxOutputTokens,
            Sampling = new SamplingParameters
            {
                Temperature = root.Member(Members.Temperature.Name)?.GetDouble(),
                TopP = root.Member(Members.TopP.Name)?.GetDouble(),
                TopK = root.Member(Members.TopK.Name)?.GetInt32(),
                FrequencyPenalty = root.Member(Members.FrequencyPenalty.Name)?.GetDouble(),
                PresencePenalty = root.Member(Members.PresencePenalty.Name)?.GetDouble(),
                Logprobs = scan.IncludesLogprobs || topLogprobs is not null ? true : null,
                TopLogprobs = topLogprobs,
            },
            Tools = [.. tools.Select(ResponsesToolReader.Define)],
            ToolChoice = choice,
            ParallelToolCalls = tools.Count > 0 && root.Member(Members.ParallelToolCalls.Name)?.GetBoolean() == false ? false : null,
            ResponseFormat = ReadFormat(text?.Member("format")),
            Reasoning = scan.Reasoning,
            Modalities = scan.WantsImageOutput ? root.Member(Members.Modalities.Name)?.Strings() : null,
            CacheControl = root.Member(Members.CacheControl.Name) is { } marker ? new CacheControl(marker.Text("ttl")) : null,
            Verbosity = text?.Text("verbosity"),
            ServiceTier = scan.ServiceTier,
            User = scan.User,
            Extensions = ReadExtensions(root),
        };
    }

    private static Dictionary<string, JsonElement> ReadExtensions(JsonElement root)
    {
        var extensions = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in Extensions)
            if (root.Member(member.Name) is { } value) extensions[member.Name] = value.Clone();
        return extensions;
    }

    private static ResponseFormat? ReadFormat(JsonElement? format) => format?.Text("type") switch
    {
        "json_object" => new ResponseFormat { Kind = ResponseFormatKind.JsonObject },
        "json_schema" => new ResponseFormat
        {
            Kind = ResponseFormatKind.JsonSchema,
            Name = format.Value.Text("name"),
            Description = format.Value.Text("description"),
            Schema = format.Value.GetProperty("schema").Clone(),
            Strict = format.Value.Member("strict")?.GetBoolean(),
        },
        _ => null,
    };
}

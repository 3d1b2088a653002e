using System.Text.Json;
using EdgeRouter.Core.Conversation;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>
/// Full parse of a Gemini request whose shape was checked, without what only Google's API has. What it returns does not depend on the body's memory.
/// Stateless and thread-safe.
/// </summary>
internal static class GeminiReader
{
    /// <summary>Reads a request. Null members are the same as absent ones.</summary>
    /// <param name="scan">The scan of the body.</param>
    /// <param name="origins">Receives where everything stands in the body.</param>
    /// <exception cref="Core.Errors.RouterException">400: a result belongs to no call.</exception>
    public static ChatRequest Read(GeminiScan scan, GeminiOrigins origins)
    {
        using var document = JsonDocument.Parse(scan.Body);
        var root = document.RootElement;
        var choice = root.Member(Keys.ToolConfig)?.Member(Keys.FunctionCallingConfig);
        var tools = GeminiToolReader.ReadTools(root.Member(Keys.Tools), choice?.Member(Keys.AllowedFunctionNames), origins.Tools);
        var config = root.Member(Keys.GenerationConfig) is { } given ? new GeminiConfigReader(given) : null;
        return new ChatRequest
        {
            Model = scan.Model ?? "",
            Messages = new GeminiTurnReader(origins.Messages).Read(root.Member(Keys.SystemInstruction), root.Member(Keys.Contents)),
            Stream = scan.Stream,
            MaxOutputTokens = scan.MaxOutputTokens,
            ChoiceCount = scan.ChoiceCount > 1 ? scan.ChoiceCount : null,
            Sampling = config?.ReadSampling() ?? SamplingParameters.None,
            Tools = tools,
            ToolChoice = tools.Count == 0 ? null : GeminiToolReader.ReadChoice(choice),
            ResponseFormat = config?.ReadFormat(),
            Reasoning = ReadReasoning(scan.Thinking),
            Modalities = config?.ReadModalities(),
            ServiceTier = scan.ServiceTier,
            User = scan.User,
            Extensions = config?.ReadExtensions() ?? new Dictionary<string, JsonElement>(),
        };
    }

    /// <summary>A request to see thoughts without an amount asks for the usual amount.</summary>
    private static ReasoningOptions? ReadReasoning(GeminiThinking thinking) => thinking switch
    {
        { AsksAnything: false } => null,
        { Budget: 0 } => new ReasoningOptions { Enabled = false },
        { Budget: > 0 and var budget } => new ReasoningOptions { MaxTokens = budget, Exclude = Hidden(thinking) },
        _ => new ReasoningOptions { Enabled = true, Effort = thinking.Level, Exclude = Hidden(thinking) },
    };

    private static bool? Hidden(GeminiThinking thinking) => thinking.IsShown ? null : true;
}

using System.Text.Json;
using EdgeRouter.CatalogImport.Json;
using EdgeRouter.Core.Catalog;
using static EdgeRouter.Core.Catalog.RequestParameters;

namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>Supported parameters from models.dev's capabilities, the common parameters of the wire format, and what the provider refuses.</summary>
internal static class ModelsDevParameters
{
    private const RequestParameters Sampling = Temperature | TopP | TopK | MinP | FrequencyPenalty | PresencePenalty | RepetitionPenalty | LogitBias | Logprobs
        | TopLogprobs;

    public static RequestParameters Read(JsonElement row, ProviderDefinition provider, IReadOnlyList<string> beyondDialect)
    {
        var set = Common(provider.Dialect!);
        foreach (var name in beyondDialect) set |= RequestParameterNames.ByName[name];
        var reasons = row.Flag("reasoning") == true;
        // Most reasoning models whose row does not mention temperature refuse it.
        if (!(row.Flag("temperature") ?? !reasons)) set &= ~Sampling;
        if (row.Flag("tool_call") == true) set |= Tools | ToolChoice | (provider.Dialect == WireNames.Gemini ? None : ParallelToolCalls);
        if (row.Flag("structured_output") == true) set |= ResponseFormat | StructuredOutputs;
        if (reasons) set |= RequestParameters.Reasoning;
        return set & ~(provider.RefusedParameters ?? None);
    }

    private static RequestParameters Common(string wire) => wire switch
    {
        WireNames.AnthropicMessages => MaxTokens | Temperature | TopP | TopK | Stop,
        WireNames.OpenAIResponses => MaxTokens | Temperature | TopP,
        WireNames.BedrockConverse => MaxTokens | Temperature | TopP | Stop,
        WireNames.Gemini => MaxTokens | Temperature | TopP | TopK | Stop | Seed | FrequencyPenalty | PresencePenalty,
        _ => MaxTokens | Temperature | TopP | Stop | Seed | FrequencyPenalty | PresencePenalty,
    };
}

using System.Globalization;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Caller;

/// <summary>Spells places of a request as paths of this API's JSON, in camel case. Thread-safe.</summary>
/// <param name="origins">Where everything stands in the body; filled when the body is read in full.</param>
internal sealed class GeminiFields(Func<GeminiOrigins> origins) : IRequestFields
{
    /// <inheritdoc/>
    public string FieldOf(ChatRequest request, RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Message => MessageOf(place) + (place.Field == RequestField.Role ? ".role" : ""),
        RequestPlaceKind.Part => PartOf(request.Messages[place.Index].Content[place.Part], place),
        RequestPlaceKind.Tool => ToolOf(place) + ToolMember(place.Field),
        _ => NameOf(place),
    };

    /// <inheritdoc/>
    public string NameOf(RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Part => place.Field switch
        {
            RequestField.IsError => "contents.parts.functionResponse.response.error",
            RequestField.FileId => "contents.parts.fileData",
            _ => "contents.parts",
        },
        RequestPlaceKind.Tool => "tools.functionDeclarations" + ToolMember(place.Field),
        RequestPlaceKind.Parameter => Parameter(place),
        RequestPlaceKind.Extension => place.Name switch
        {
            "audio" => "generationConfig.speechConfig",
            "image_config" => "generationConfig.imageConfig",
            _ => place.Name ?? "",
        },
        _ => "contents",
    };

    private static string Parameter(RequestPlace place) => place.Parameter switch
    {
        RequestParameters.MaxTokens => "generationConfig.maxOutputTokens",
        RequestParameters.Temperature => "generationConfig.temperature",
        RequestParameters.TopP => "generationConfig.topP",
        RequestParameters.TopK => "generationConfig.topK",
        RequestParameters.ChoiceCount => "generationConfig.candidateCount",
        RequestParameters.Stop => "generationConfig.stopSequences",
        RequestParameters.PresencePenalty => "generationConfig.presencePenalty",
        RequestParameters.FrequencyPenalty => "generationConfig.frequencyPenalty",
        RequestParameters.Seed => "generationConfig.seed",
        RequestParameters.Logprobs => "generationConfig.responseLogprobs",
        RequestParameters.TopLogprobs => "generationConfig.logprobs",
        RequestParameters.ResponseFormat => "generationConfig.responseMimeType",
        RequestParameters.StructuredOutputs => "generationConfig.responseSchema",
        RequestParameters.Reasoning when place.Field == RequestField.Budget => "generationConfig.thinkingConfig.thinkingBudget",
        RequestParameters.Reasoning => "generationConfig.thinkingConfig",
        RequestParameters.Modalities => "generationConfig.responseModalities",
        RequestParameters.Audio => "generationConfig.speechConfig",
        RequestParameters.ImageConfig => "generationConfig.imageConfig",
        RequestParameters.ToolChoice => "toolConfig",
        RequestParameters.ServiceTier => "serviceTier",
        _ => RequestParameterNames.NameOf(place.Parameter),
    };

    private static string ToolMember(RequestField field) => field == RequestField.Schema ? ".parameters" : "";

    private string ToolOf(RequestPlace place)
    {
        var origin = origins().Tools[place.Index];
        return Indexed("tools", origin.Outer) + Indexed(".functionDeclarations", origin.Inner ?? 0);
    }

    private string MessageOf(RequestPlace place) => origins().Messages[place.Index] is [var first, ..] ? ContentOf(first) : "contents";

    private string PartOf(ContentPart part, RequestPlace place)
    {
        var origin = origins().Messages[place.Index][place.Part];
        if (origin.Inner is not { } index) return ContentOf(origin);
        var path = ContentOf(origin) + Indexed(".parts", index);
        if (part is not ToolResultPart result || place.Inner is not { } inner) return path + Member(part, place.Field);
        // The first part of a result is its text.
        return inner == 0 ? path + ".functionResponse.response"
            : path + Indexed(".functionResponse.parts", inner - 1) + Member(result.Content[inner], place.Field);
    }

    private static string ContentOf(GeminiOrigin origin) => origin.Outer == GeminiOrigin.System ? "systemInstruction" : Indexed("contents", origin.Outer);

    private static string Member(ContentPart part, RequestField field) => (part, field) switch
    {
        (ToolResultPart, RequestField.CallId) => ".functionResponse.id",
        (ToolCallPart, RequestField.Arguments) => ".functionCall.args",
        (AudioPart, RequestField.Format) => ".inlineData.mimeType",
        (AudioPart, RequestField.Source) => ".inlineData.data",
        (ImagePart { Url: var url }, RequestField.Media or RequestField.Source) => Source(url),
        (VideoPart { Url: var url }, RequestField.Media or RequestField.Source) => Source(url),
        (FilePart { Data: { } url }, RequestField.Media or RequestField.Source or RequestField.FileId) => Source(url),
        _ => "",
    };

    private static string Source(string url) => url.StartsWith("data:", StringComparison.Ordinal) ? ".inlineData" : ".fileData.fileUri";

    private static string Indexed(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}

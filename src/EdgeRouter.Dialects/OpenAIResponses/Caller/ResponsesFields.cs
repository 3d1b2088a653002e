using System.Globalization;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller;

/// <summary>Spells places of a request as paths of this API's JSON. Thread-safe.</summary>
/// <param name="origins">Where things stand in the body; filled when the body is read in full.</param>
internal sealed class ResponsesFields(Func<ResponsesOrigins> origins) : IRequestFields
{
    /// <inheritdoc/>
    public string FieldOf(ChatRequest request, RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Message => ItemOf(origins().Messages[place.Index][0]) + (place.Field == RequestField.Role ? ".role" : ""),
        RequestPlaceKind.Part => PartOf(request.Messages[place.Index].Content[place.Part], place),
        RequestPlaceKind.Tool => ToolOf(origins().Tools[place.Index]) + ToolMember(place.Field),
        _ => NameOf(place),
    };

    /// <inheritdoc/>
    public string NameOf(RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Part => place.Field == RequestField.Detail ? "input.content.detail" : "input.content",
        RequestPlaceKind.Tool => "tools" + ToolMember(place.Field),
        RequestPlaceKind.Parameter => Parameter(place),
        RequestPlaceKind.Extension => place.Name ?? "",
        _ => "input",
    };

    private static string Parameter(RequestPlace place) => place.Parameter switch
    {
        RequestParameters.MaxTokens => "max_output_tokens",
        RequestParameters.Reasoning => "reasoning" + place.Field switch
        {
            RequestField.Budget => ".max_tokens",
            RequestField.Summary => ".summary",
            RequestField.Context => ".context",
            RequestField.Mode => ".mode",
            _ => "",
        },
        RequestParameters.Verbosity => "text.verbosity",
        RequestParameters.ResponseFormat or RequestParameters.StructuredOutputs =>
            place.Field == RequestField.Description ? "text.format.description" : "text.format",
        RequestParameters.Logprobs => "include",
        _ => RequestParameterNames.NameOf(place.Parameter),
    };

    private static string ToolMember(RequestField field) => field switch
    {
        RequestField.Schema => ".parameters",
        RequestField.Strict => ".strict",
        _ => "",
    };

    private static string ToolOf(ResponsesTool tool)
    {
        var field = Indexed("tools", tool.Index);
        return tool.Inner is { } inner ? Indexed(field + ".tools", inner) : field;
    }

    private string PartOf(ContentPart part, RequestPlace place)
    {
        var origin = origins().Messages[place.Index][place.Part];
        if (part is ToolResultPart result && place.Inner is { } inner)
            return Indexed(ItemOf(origin) + ".output", inner) + Member(result.Content[inner], place.Field);
        var field = origin.Content is { } content ? Indexed(ItemOf(origin) + ".content", content) : ItemOf(origin);
        return field + Member(part, place.Field);
    }

    private static string ItemOf(ResponsesPlace place) => place.Item switch
    {
        ResponsesPlace.Instructions => "instructions",
        ResponsesPlace.Input => "input",
        var item => Indexed("input", item),
    };

    private static string Member(ContentPart part, RequestField field) => (part, field) switch
    {
        (_, RequestField.Type) => ".type",
        (ToolResultPart, RequestField.CallId) => ".call_id",
        (ToolCallPart, RequestField.Arguments) => ".arguments",
        (ImagePart, RequestField.Media or RequestField.Source) => ".image_url",
        (ImagePart, RequestField.Detail) => ".detail",
        (FilePart, RequestField.FileId) => ".file_id",
        (FilePart file, RequestField.Media or RequestField.Source) =>
            file.Data?.StartsWith("data:", StringComparison.OrdinalIgnoreCase) == false ? ".file_url" : ".file_data",
        (AudioPart, RequestField.Source) => ".input_audio.data",
        (AudioPart, RequestField.Format) => ".input_audio.format",
        (AudioPart, RequestField.Media) => ".input_audio",
        (VideoPart, RequestField.Media or RequestField.Source) => ".video_url",
        _ => "",
    };

    private static string Indexed(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}

using System.Globalization;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>
/// Spells places of a request as paths of this API's JSON. It reverses the reader of messages: the list of parts becomes the members of a
/// message again. Stateless and thread-safe.
/// </summary>
public sealed class OpenAIChatFields : IRequestFields
{
    /// <summary>The only instance.</summary>
    public static readonly OpenAIChatFields Instance = new();

    private OpenAIChatFields() { }

    /// <inheritdoc/>
    public string FieldOf(ChatRequest request, RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Messages => "messages",
        RequestPlaceKind.Message => Indexed("messages", place.Index) + (place.Field == RequestField.Role ? ".role" : ""),
        RequestPlaceKind.Part => Indexed("messages", place.Index) + PartOf(request.Messages[place.Index].Content, place),
        RequestPlaceKind.Tool => Indexed("tools", place.Index) + ToolMember(place.Field),
        _ => NameOf(place),
    };

    /// <inheritdoc/>
    public string NameOf(RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Message => place.Field switch
        {
            RequestField.Name => "name",
            RequestField.GeneratedImages => "messages.images",
            RequestField.GeneratedAudio => "messages.audio",
            _ => "messages",
        },
        RequestPlaceKind.Part => place.Field switch
        {
            RequestField.Detail => "image_url.detail",
            RequestField.IsError => "is_error",
            _ => "messages.content",
        },
        RequestPlaceKind.Tool => "tools" + ToolMember(place.Field),
        RequestPlaceKind.Parameter => Parameter(place),
        RequestPlaceKind.Extension => place.Name ?? "",
        _ => "messages",
    };

    private static string Parameter(RequestPlace place)
    {
        var name = RequestParameterNames.NameOf(place.Parameter);
        if (place.Name is not null) return name + "." + place.Name;
        return place.Field switch
        {
            RequestField.Description => name + ".json_schema.description",
            RequestField.Summary => name + ".summary",
            RequestField.Context => name + ".context",
            RequestField.Mode => name + ".mode",
            RequestField.Budget => name + ".max_tokens",
            RequestField.Format => name + ".format",
            _ => name,
        };
    }

    private static string ToolMember(RequestField field) => field switch
    {
        RequestField.Schema => ".function.parameters",
        RequestField.Strict => ".function.strict",
        _ => "",
    };

    private static string PartOf(IReadOnlyList<ContentPart> content, RequestPlace place)
    {
        var part = content[place.Part];
        switch (part)
        {
            case ToolResultPart result when place.Inner is { } inner:
                return Indexed(".content", inner) + Member(result.Content[inner], place.Field);
            case ToolResultPart:
                return place.Field == RequestField.CallId ? ".tool_call_id" : "";
            case ToolCallPart:
                return Indexed(".tool_calls", content.Count<ToolCallPart>(place.Part)) + (place.Field == RequestField.Arguments ? ".function.arguments" : "");
            case RefusalPart { IsContent: false }:
                return ".refusal";
            case CitationPart:
                return Indexed(".annotations", content.Count<CitationPart>(place.Part));
            case ReasoningPart { Kind: ReasoningKind.Plain }:
                return ".reasoning";
        }
        var list = ListOf(part);
        var index = 0;
        for (var i = 0; i < place.Part; i++)
            if (ReferenceEquals(ListOf(content[i]), list)) index++;
        return Indexed(list, index) + Member(part, place.Field);
    }

    /// <summary>The list that holds a part.</summary>
    private static string ListOf(ContentPart part) => part switch
    {
        TextPart or AudioPart or VideoPart or FilePart or ImagePart { IsGenerated: false } or RefusalPart { IsContent: true }
            or ReasoningPart { IsContent: true } => ".content",
        ImagePart => ".images",
        ReasoningPart { Kind: not ReasoningKind.Plain } => ".reasoning_details",
        _ => "",
    };

    private static string Member(ContentPart part, RequestField field) => (part, field) switch
    {
        (_, RequestField.Type) => ".type",
        (ImagePart, RequestField.Media) => ".image_url",
        (ImagePart, RequestField.Source) => ".image_url.url",
        (ImagePart, RequestField.Detail) => ".image_url.detail",
        (AudioPart, RequestField.Media) => ".input_audio",
        (AudioPart, RequestField.Source) => ".input_audio.data",
        (AudioPart, RequestField.Format) => ".input_audio.format",
        (VideoPart, RequestField.Media) => ".video_url",
        (VideoPart, RequestField.Source) => ".video_url.url",
        (FilePart, RequestField.Media) => ".file",
        (FilePart, RequestField.Source) => ".file.file_data",
        (FilePart, RequestField.FileId) => ".file.file_id",
        _ => "",
    };

    private static string Indexed(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}

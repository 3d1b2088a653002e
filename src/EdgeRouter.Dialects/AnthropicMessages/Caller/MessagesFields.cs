using System.Globalization;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Reading;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.Caller;

/// <summary>Spells places of a request as paths of this API's JSON. Thread-safe.</summary>
/// <param name="origins">Where each message stands in the body; filled when the body is read in full.</param>
internal sealed class MessagesFields(Func<IReadOnlyList<MessageOrigin>> origins) : IRequestFields
{
    /// <inheritdoc/>
    public string FieldOf(ChatRequest request, RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Message => MessageOf(place) + (place.Field == RequestField.Role ? ".role" : ""),
        RequestPlaceKind.Part => PartOf(request.Messages[place.Index].Content[place.Part], place),
        RequestPlaceKind.Tool => Indexed("tools", place.Index) + ToolMember(place.Field),
        _ => NameOf(place),
    };

    /// <inheritdoc/>
    public string NameOf(RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Part => place.Field switch
        {
            RequestField.IsError => "is_error",
            RequestField.FileId => "messages.content.source",
            _ => "messages.content",
        },
        RequestPlaceKind.Tool => "tools" + ToolMember(place.Field),
        RequestPlaceKind.Parameter => Parameter(place),
        RequestPlaceKind.Extension => place.Name ?? "",
        _ => "messages",
    };

    private static string Parameter(RequestPlace place) => place.Parameter switch
    {
        RequestParameters.Stop => "stop_sequences",
        RequestParameters.Reasoning when place.Field == RequestField.Budget => "thinking.budget_tokens",
        RequestParameters.Reasoning => "thinking",
        RequestParameters.Verbosity => "output_config.effort",
        RequestParameters.ResponseFormat or RequestParameters.StructuredOutputs => "output_config.format",
        RequestParameters.ParallelToolCalls => "tool_choice.disable_parallel_tool_use",
        RequestParameters.User => "metadata.user_id",
        _ => RequestParameterNames.NameOf(place.Parameter),
    };

    private static string ToolMember(RequestField field) => field switch
    {
        RequestField.Schema => ".input_schema",
        RequestField.Strict => ".strict",
        _ => "",
    };

    private string MessageOf(RequestPlace place) =>
        origins()[place.Index].Index is >= 0 and var index ? Indexed("messages", index) : "system";

    private string PartOf(ContentPart part, RequestPlace place)
    {
        var origin = origins()[place.Index];
        var list = origin.Index == MessageOrigin.System ? "system" : Indexed("messages", origin.Index) + ".content";
        if (origin.Blocks is not { } blocks) return list;
        var block = Indexed(list, blocks[place.Part]);
        if (part is ToolResultPart result && place.Inner is { } inner) return Indexed(block + ".content", inner) + Member(result.Content[inner], place.Field);
        return block + Member(part, place.Field);
    }

    private static string Member(ContentPart part, RequestField field) => (part, field) switch
    {
        (_, RequestField.Type) => ".type",
        (ToolResultPart, RequestField.CallId) => ".tool_use_id",
        (ToolCallPart, RequestField.Arguments) => ".input",
        (ImagePart or FilePart, RequestField.Media or RequestField.Source or RequestField.FileId) => ".source",
        _ => "",
    };

    private static string Indexed(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");
}

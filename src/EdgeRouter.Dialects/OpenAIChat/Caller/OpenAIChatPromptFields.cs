using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Caller;

/// <summary>
/// Spells places of a request whose conversation is one <c>prompt</c>: a completion, or a chat request in its legacy form. Parameters have chat's names.
/// Stateless and thread-safe.
/// </summary>
internal sealed class OpenAIChatPromptFields : IRequestFields
{
    /// <summary>The only instance.</summary>
    public static readonly OpenAIChatPromptFields Instance = new();

    private OpenAIChatPromptFields() { }

    public string FieldOf(ChatRequest request, RequestPlace place) => NameOf(place);

    public string NameOf(RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Messages or RequestPlaceKind.Message or RequestPlaceKind.Part => "prompt",
        _ => OpenAIChatFields.Instance.NameOf(place),
    };
}

using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Completions.Caller;

/// <summary>Spells places of a request as this API does: the conversation is the prompt, the parameters have chat's names. Stateless and thread-safe.</summary>
internal sealed class CompletionFields : IRequestFields
{
    /// <summary>The only instance.</summary>
    public static readonly CompletionFields Instance = new();

    private CompletionFields() { }

    public string FieldOf(ChatRequest request, RequestPlace place) => NameOf(place);

    public string NameOf(RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Messages or RequestPlaceKind.Message or RequestPlaceKind.Part => "prompt",
        _ => OpenAIChatFields.Instance.NameOf(place),
    };
}

using System.Globalization;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.Caller;

/// <summary>Spells places of a request for embeddings, whose inputs are messages in the content model. Stateless and thread-safe.</summary>
internal sealed class EmbeddingsFields : IRequestFields
{
    /// <summary>The only instance.</summary>
    public static readonly EmbeddingsFields Instance = new();

    private const string Messages = "messages";

    private EmbeddingsFields() { }

    public string FieldOf(ChatRequest request, RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Messages => "input",
        RequestPlaceKind.Message => string.Create(CultureInfo.InvariantCulture, $"input[{place.Index}]"),
        // A part is where a message of chat has it.
        RequestPlaceKind.Part => string.Concat("input", OpenAIChatFields.Instance.FieldOf(request, place).AsSpan(Messages.Length)),
        _ => NameOf(place),
    };

    public string NameOf(RequestPlace place) => place.Kind switch
    {
        RequestPlaceKind.Messages or RequestPlaceKind.Message or RequestPlaceKind.Part => "input",
        _ => OpenAIChatFields.Instance.NameOf(place),
    };
}

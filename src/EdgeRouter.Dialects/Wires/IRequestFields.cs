using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Wires;

/// <summary>Spells places of a request as a caller API does. Stateless and thread-safe.</summary>
public interface IRequestFields
{
    /// <summary>The path of the place in the caller's body, for errors: <c>messages[0].content[1].file.file_id</c>.</summary>
    /// <param name="request">The request as it was read: every message is at the caller's index.</param>
    /// <param name="place">A place in it.</param>
    string FieldOf(ChatRequest request, RequestPlace place);

    /// <summary>The caller's name for something that was dropped, at any position: <c>temperature</c>, <c>image_url.detail</c>.</summary>
    /// <param name="place">A place. Indexes do not matter.</param>
    string NameOf(RequestPlace place);
}

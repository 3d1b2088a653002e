using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.Wires;

/// <summary>Spells places of a request as a caller API does. Stateless and thread-safe.</summary>
public interface IRequestFields
{
    /// <summary>Where the place stands in the caller's body, for errors: <c>messages[0].content[1].file.file_id</c>.</summary>
    /// <param name="request">The request as it was read: every message stands where the caller put it.</param>
    /// <param name="place">A place in it.</param>
    string FieldOf(ChatRequest request, RequestPlace place);

    /// <summary>What the caller calls a thing that was dropped, wherever it stands: <c>temperature</c>, <c>image_url.detail</c>.</summary>
    /// <param name="place">A place. Indexes are of no account.</param>
    string NameOf(RequestPlace place);
}

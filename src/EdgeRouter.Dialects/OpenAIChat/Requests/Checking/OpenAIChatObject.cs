using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Checking;

/// <summary>
/// An object inside a chat request that becomes a canonical type, with each of its members declared once: the check, the readers and the writers work from
/// them. Immutable.
/// </summary>
/// <param name="members">Its members. Others pass as extensions.</param>
internal sealed class OpenAIChatObject(params ObjectMember[] members)
{
    /// <summary>Its members.</summary>
    public ObjectMember[] Members { get; } = members;

    /// <summary>Names of the members that the content model has properties for; readers keep the others as extensions.</summary>
    public string[] Known { get; } = [.. members.Where(static member => !member.IsExtension).Select(static member => member.Name)];

    /// <summary>Its shape, where nothing but its members is to be checked.</summary>
    public RequestShape Shape { get; } = new CanonicalShape("expected an object", members);
}

using System.Security.Cryptography;
using System.Text;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>What one endpoint takes of a request, and under which names. Writer and splicer both ask here, so that they cannot differ.</summary>
internal static class OpenAIChatRequestTarget
{
    /// <summary>
    /// Keys of assistant turns that return reasoning. They are sent only when the provider's <see cref="Provider.ParameterRenames"/> has them
    /// (possibly under the same name): most providers refuse a turn that has them.
    /// </summary>
    public const string ReasoningText = "reasoning_content", ReasoningDetails = "reasoning_details";

    /// <summary>Whether the endpoint takes the parameter; if not, the member of that name is noted as dropped, once.</summary>
    public static bool Takes(this WireTarget target, RequestParameters parameter, string name, ICollection<string> dropped)
    {
        if (target.Accepts(parameter)) return true;
        target.Drop(PlaceOf(name), dropped);
        return false;
    }

    private static RequestPlace PlaceOf(string name) =>
        RequestParameterNames.ByName.TryGetValue(name, out var parameter) ? RequestPlace.OfParameter(parameter) : RequestPlace.OfExtension(name);

    /// <summary>The provider's name of a parameter.</summary>
    public static string NameOf(this WireTarget target, string name) => target.Endpoint.Provider.ParameterRenames.GetValueOrDefault(name, name);

    /// <summary>The provider's name of a key that is sent only when the provider table lists it; null: it does not.</summary>
    public static string? OptInNameOf(this WireTarget target, string name) => target.Endpoint.Provider.ParameterRenames.GetValueOrDefault(name);

    /// <summary>Adds the name unless it is there.</summary>
    public static void AddOnce(this ICollection<string> dropped, string name)
    {
        if (!dropped.Contains(name)) dropped.Add(name);
    }

    /// <summary>Writes the form in which an end user's id leaves the router: the first 32 lower-case hex digits of its SHA-256.</summary>
    public static void HashUser(string user, Span<byte> hexDigits)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(user), hash);
        Convert.TryToHexStringLower(hash[..(HashedUserLength / 2)], hexDigits, out _);
    }

    /// <summary>Length of a hashed user id.</summary>
    public const int HashedUserLength = 32;
}

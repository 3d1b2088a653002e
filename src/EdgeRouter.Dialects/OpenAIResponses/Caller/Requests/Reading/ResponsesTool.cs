using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Routing;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;

/// <summary>A tool of the caller's own. Other APIs have functions only, without namespaces: it is sent as one, and its calls are named back.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">The namespace that it stands in; null: none.</param>
/// <param name="IsCustom">Whether its input is one text instead of JSON.</param>
/// <param name="Index">Its index in <c>tools</c>, or that of its namespace.</param>
/// <param name="Inner">Its index in the namespace; null: it stands in none.</param>
/// <param name="Json">The tool as the caller wrote it.</param>
/// <param name="About">What the namespace says about itself; null: nothing.</param>
internal sealed record ResponsesTool(string Name, string? Namespace, bool IsCustom, int Index, int? Inner, JsonElement Json, string? About)
{
    /// <summary>The member of a custom tool's arguments that holds its input.</summary>
    public const string InputMember = "input";

    private const int LongestName = 64;

    /// <summary>The name under which it is sent.</summary>
    public string SentName { get; } = NameOf(Namespace, Name);

    /// <summary>Whether calls of it must be named back.</summary>
    public bool IsRenamed => IsCustom || Namespace is not null;

    /// <summary>The name under which a tool is sent: that of its namespace before its own, cut to what providers take.</summary>
    public static string NameOf(string? space, string name)
    {
        if (string.IsNullOrEmpty(space)) return name;
        var full = $"{space}__{name}";
        if (full.Length <= LongestName) return full;
        var hash = RequestFacts.HashOfToolName(Encoding.UTF8.GetBytes(full));
        return string.Create(CultureInfo.InvariantCulture, $"{full[..(LongestName - 9)]}_{(uint)hash:x8}");
    }
}

using System.Text;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.RouterMembers;

/// <summary>
/// The header <c>X-EdgeRouter-Options</c>: a JSON object of the router's own members, for clients that cannot add members to a body. It is read by the
/// same declarations as the members of a body. A member that is in both is refused: whoever set one of them expects it to hold, as a proxy that demands
/// zero data retention does. Thread-safe.
/// </summary>
public static class RouterOptions
{
    /// <summary>Name of the header.</summary>
    public const string Header = "X-EdgeRouter-Options";

    /// <summary>Longest value of the header, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly RequestMemberTable<RequestMember> Table =
        new(new RequestMember("", MemberAudience.Router, AnyShape.Instance), RouterRequestMembers.ForRouterOnly);

    private static readonly string Expected = $"expected members of {string.Join(", ", RouterRequestMembers.ForRouterOnly.Select(member => member.Name))}";

    /// <summary>Adds the header's members to the facts of a request.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="facts">What the body said.</param>
    /// <exception cref="RouterException">400 naming the member, in the header or in both places.</exception>
    public static void Apply(string header, RequestFacts facts)
    {
        if (header.Length > MaxLength) throw new RouterException(RouterError.InvalidField(Header, $"expected at most {MaxLength} characters"));
        var options = Scan(header);
        var names = new List<string>(options.Members.Length);
        foreach (var given in options.Members)
        {
            if (given.IsNull) continue;
            if (IsInBody(given.Name, facts))
                throw new RouterException(RouterError.InvalidField(FieldOf(given.Name), $"given in the body too, as {given.Name}; give it once"));
            names.Add(given.Name);
        }
        facts.OptionMembers = names;
        facts.Parameters |= options.Parameters;
        if (options.FallbackModels.Count > 0) facts.FallbackModels = options.FallbackModels;
        if (!ReferenceEquals(options.Preferences, ProviderPreferences.None)) facts.Preferences = options.Preferences;
        facts.SessionId = options.SessionId ?? facts.SessionId;
        facts.EchoesUpstreamBody |= options.EchoesUpstreamBody;
        RouterRequestMembers.Finish(facts);
    }

    /// <summary>The place of a member, for errors: a place in the header if the header gave the member, else the place itself.</summary>
    /// <param name="field">The place as the caller API names it.</param>
    /// <param name="facts">The request.</param>
    public static string Locate(string field, RequestFacts facts)
    {
        if (facts.OptionMembers is not { } names) return field;
        var end = field.AsSpan().IndexOfAny('.', '[');
        return names.Contains(end < 0 ? field : field[..end]) ? FieldOf(field) : field;
    }

    private static Options Scan(string header)
    {
        var options = new Options();
        try
        {
            RequestWalk.Run(Encoding.UTF8.GetBytes(header), Table, options);
        }
        catch (RouterException wrong) when (wrong.Error.Field is { } field)
        {
            // What RequestWalk says of a whole body is said of the header.
            var expected = wrong.Error.Message[(field.Length + ": ".Length)..];
            throw new RouterException(RouterError.InvalidField(field == "body" ? Header : FieldOf(field), expected), wrong);
        }
        if (options.UnknownParameters is [var unknown, ..])
            throw new RouterException(RouterError.InvalidField(FieldOf(RequestPath.KeyText(Encoding.UTF8.GetBytes(unknown))), Expected));
        return options;
    }

    private static bool IsInBody(string name, RequestFacts facts)
    {
        if (facts is not ScannedRequest body) return false;
        foreach (var given in body.Members)
            if (given is { IsNull: false, Member.Audience: MemberAudience.Router } && given.Name.Equals(name, StringComparison.Ordinal)) return true;
        return false;
    }

    private static string FieldOf(string member) => $"{Header}.{member}";

    private sealed class Options : ScannedRequest;
}

using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests;

/// <summary>
/// The top-level members of a Gemini request, each declared once: Google's, in both spellings, and those of the router as OpenRouter spells them. A member that
/// is not in the table is unknown, and goes as it is to providers that speak this format.
/// </summary>
internal static class GeminiMembers
{
    private static readonly List<GeminiMember> All = [.. RouterRequestMembers.ForRouterOnly.Select(shared => new GeminiMember(shared))];

    public static readonly GeminiMember Model = Add(new(RouterRequestMembers.Model));
    public static readonly GeminiMember Contents = Add(new(Keys.Contents, MemberAudience.Both, GeminiContentSchema.Contents) { IsCopied = true });
    public static readonly GeminiMember SystemInstruction =
        Add(new(Keys.SystemInstruction, MemberAudience.Both, GeminiContentSchema.Instructions.OrNull()) { IsCopied = true });
    public static readonly GeminiMember Tools = Add(new(Keys.Tools, MemberAudience.Provider, GeminiToolSchema.Tools.OrNull())
    {
        HasEffect = static (_, value) => !CheckedValues.IsEmptyArray(value),
    });
    public static readonly GeminiMember ToolConfig = Add(new(Keys.ToolConfig, MemberAudience.Provider, GeminiToolSchema.Config.OrNull())
    {
        Parameter = RequestParameters.ToolChoice,
        Needs = Tools,
    });
    public static readonly GeminiMember GenerationConfig = Add(new(Keys.GenerationConfig, MemberAudience.Both, GeminiConfigSchema.Config.OrNull())
    {
        IsCopied = true,
        Note = static (found, value) => GeminiConfigNotes.Note((GeminiScan)found, CheckedValues.Element(value)),
    });
    public static readonly GeminiMember SafetySettings = Add(new(new("safetySettings"), MemberAudience.Provider,
        new ArrayShape(CommonShapes.AnyObject, "expected an array of objects", RequestBounds.Options).OrNull())
    {
        HasEffect = static (_, value) => !CheckedValues.IsEmptyArray(value),
        IsUncarried = true,
    });
    // What it holds is input that the body does not hold.
    public static readonly GeminiMember CachedContent = Add(new(new("cachedContent"), MemberAudience.Provider, CommonShapes.NonEmpty.OrNull())
    {
        Note = static (found, _) => ((GeminiScan)found).RequireNative("cachedContent"),
    });
    public static readonly GeminiMember Labels = Add(new(new("labels"), MemberAudience.Provider, CommonShapes.AnyObject.OrNull()) { IsUncarried = true });
    public static readonly GeminiMember User = Add(new(RouterRequestMembers.User));
    public static readonly GeminiMember ServiceTier = Add(new(new("serviceTier"), MemberAudience.Both,
        new WordShape("auto", "default", "fast", "flex", "priority", "scale", "standard", "unspecified").OrNull())
    {
        Parameter = RequestParameters.ServiceTier,
        Note = static (found, value) => found.ServiceTier = TierOf(CheckedValues.Text(value)),
        HasEffect = static (found, _) => found.ServiceTier is not null,
    });
    public static readonly GeminiMember Speed = Add(new(RouterRequestMembers.Speed with { YieldsTo = ServiceTier.Name }));

    /// <summary>Stands for every member without a row.</summary>
    public static readonly GeminiMember Unknown = new(new(""), MemberAudience.Provider, AnyShape.Instance) { IsUncarried = true };

    /// <summary>The members by key.</summary>
    public static readonly RequestMemberTable<GeminiMember> Table = new(Unknown, All);

    private static GeminiMember Add(GeminiMember member)
    {
        All.Add(member);
        return member;
    }

    private static string? TierOf(string word) => word switch
    {
        "standard" => "default",
        "unspecified" => null,
        _ => RouterRequestMembers.TierOf(word),
    };
}

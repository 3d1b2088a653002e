using System.Globalization;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.RouterMembers;

/// <summary>
/// The router's own request members, spelled the same in every caller API. An API puts those that it takes into its table. An API that uses one of these
/// names for something else declares that member itself.
/// </summary>
internal static class RouterRequestMembers
{
    /// <summary><c>model</c>: the model that is asked for.</summary>
    public static readonly RequestMember Model = new("model", MemberAudience.Both, new ModelIdShape())
    {
        Note = static (found, value) => found.Model = CheckedValues.Text(value),
    };

    /// <summary><c>models</c>: models to try after it.</summary>
    public static readonly RequestMember Models = ForRouter("models",
        new ArrayShape(new ModelIdShape(), "expected an array of model ids", RequestBounds.Models)) with
    {
        Note = static (found, value) => found.FallbackModels = CheckedValues.Strings(value),
    };

    /// <summary><c>provider</c>: preferences between endpoints.</summary>
    public static readonly RequestMember Provider = ForRouter("provider", ProviderMember.Shape) with
    {
        Note = static (found, value) => found.Preferences = ProviderMember.Read(CheckedValues.Element(value)),
    };

    /// <summary><c>route</c>: the router always falls back, so the member changes nothing.</summary>
    public static readonly RequestMember Route = ForRouter("route", new WordShape("fallback").OrNull());

    /// <summary><c>preset</c>.</summary>
    public static readonly RequestMember Preset = ForRouter("preset", new RefusedShape("presets are not configured on this router").OrNull());

    /// <summary><c>plugins</c>.</summary>
    public static readonly RequestMember Plugins = ForRouter("plugins", PluginMembers.Plugins);

    /// <summary><c>transforms</c>: only the empty list is accepted.</summary>
    public static readonly RequestMember Transforms = ForRouter("transforms", new ArrayShape(
        new RefusedShape("the router does not transform prompts; expected an empty array"), "expected an array of strings", RequestBounds.Options).OrNull());

    /// <summary><c>session_id</c>: identifies the conversation.</summary>
    public static readonly RequestMember SessionId = ForRouter("session_id", new StringShape(max: 256)) with
    {
        Note = static (found, value) => found.SessionId = CheckedValues.Text(value),
    };

    /// <summary><c>metadata</c>: the caller's notes.</summary>
    public static readonly RequestMember Metadata = ForRouter("metadata", new MapShape(new StringShape(max: 512), "expected an object of at most 16 strings",
        maxPairs: RequestBounds.Notes, maxKeyLength: 64)
    { MayRepeatKeys = true });

    /// <summary><c>trace</c>: names for observability; further members pass.</summary>
    public static readonly RequestMember Trace = ForRouter("trace", Object(
        new ObjectMember("trace_id", Text), new ObjectMember("trace_name", Text), new ObjectMember("span_name", Text),
        new ObjectMember("generation_name", Text), new ObjectMember("parent_span_id", Text)));

    /// <summary><c>debug</c>: asks for what was sent to each provider.</summary>
    public static readonly RequestMember Debug = ForRouter("debug", Object(new ObjectMember("echo_upstream_body", Flag))) with
    {
        Note = static (found, value) => found.EchoesUpstreamBody = CheckedValues.Element(value).Member("echo_upstream_body")?.GetBoolean() == true,
    };

    /// <summary><c>usage</c>: it is always reported, so this changes nothing.</summary>
    public static readonly RequestMember Usage = ForRouter("usage", Object(new ObjectMember("include", Flag)).OrNull());

    /// <summary><c>max_tool_calls</c>: a bound on server tools.</summary>
    public static readonly RequestMember MaxToolCalls = ForRouter("max_tool_calls", new IntegerShape(1, int.MaxValue).OrNull());

    /// <summary><c>stop_server_tools_when</c>.</summary>
    public static readonly RequestMember StopServerToolsWhen = ForRouter("stop_server_tools_when", PluginMembers.StopServerToolsWhen);

    /// <summary><c>structured_outputs</c>: endpoints must support JSON Schemas, whatever the answer's format.</summary>
    public static readonly RequestMember StructuredOutputs = ForRouter("structured_outputs", Flag.OrNull()) with
    {
        HasEffect = static (_, value) => CheckedValues.Flag(value),
    };

    /// <summary><c>service_tier</c>. <c>fast</c> is another word for priority, which is what providers know.</summary>
    public static readonly RequestMember ServiceTier =
        new("service_tier", MemberAudience.Both, new WordShape("auto", "default", "fast", "flex", "priority", "scale").OrNull())
        {
            Note = static (found, value) => found.ServiceTier = TierOf(CheckedValues.Text(value)),
        };

    /// <summary><c>speed</c>: the other spelling of a tier. Standard asks for none.</summary>
    public static readonly RequestMember Speed = new("speed", MemberAudience.Both, new WordShape("fast", "standard").OrNull())
    {
        YieldsTo = ServiceTier.Name,
        Note = static (found, value) =>
        {
            found.ServiceTier = TierOf(CheckedValues.Text(value));
            if (found.ServiceTier is not null) found.Parameters |= RequestParameters.ServiceTier;
        },
    };

    /// <summary><c>user</c>: the caller's end user.</summary>
    public static readonly RequestMember User = new("user", MemberAudience.Both, Text)
    {
        Note = static (found, value) => found.User = CheckedValues.Text(value),
    };

    /// <summary>Those that only the router reads.</summary>
    public static readonly IReadOnlyList<RequestMember> ForRouterOnly =
    [
        Models, Provider, Route, Preset, Plugins, Transforms, SessionId, Metadata, Trace, Debug, Usage, MaxToolCalls, StopServerToolsWhen, StructuredOutputs,
    ];

    /// <summary>Applies the rules between these members and the rest of the request.</summary>
    public static void Finish(RequestFacts found) => found.EchoesUpstreamBody &= found.Stream;

    /// <summary>The service tier that a word of either spelling asks for; null: none.</summary>
    public static string? TierOf(string word) => word switch
    {
        "fast" => "priority",
        "standard" => null,
        _ => word,
    };

    /// <summary>Where these members hold a fact of a request.</summary>
    /// <exception cref="ArgumentException">They do not hold it: the caller API has a member of its own.</exception>
    public static string FieldOf(RequestFault fault)
    {
        var field = fault.Fact switch
        {
            RequestFact.Model => Model.Name,
            RequestFact.FallbackModel => Models.Name,
            RequestFact.ProviderOrder => "provider.order",
            RequestFact.ProviderOnly => "provider.only",
            RequestFact.ProviderIgnore => "provider.ignore",
            RequestFact.Sort => "provider.sort",
            _ => throw new ArgumentException($"The router has no member for {fault.Fact}.", nameof(fault)),
        };
        return fault.Index is { } index ? string.Create(CultureInfo.InvariantCulture, $"{field}[{index}]") : field;
    }

    private static RequestMember ForRouter(string name, RequestShape shape) => new(name, MemberAudience.Router, shape);
}

using System.Text.Json;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.RouterMembers;

/// <summary>Shapes of the members about plugins and server tools, of which this router runs none.</summary>
internal static class PluginMembers
{
    /// <summary><c>plugins</c>: switched off, or refused.</summary>
    public static readonly RequestShape Plugins = new ArrayShape(new TaggedShape("id", "expected an object with an id", "expected the id of a plugin", null,
        [.. PluginIds.Select(id => (id, (RequestShape)SwitchedOff(id)))]), "expected an array of plugins", RequestBounds.Options);

    /// <summary><c>stop_server_tools_when</c>: conditions on server tools.</summary>
    public static readonly RequestShape StopServerToolsWhen = new ArrayShape(
        new TaggedShape("type", "expected an object with a type", "expected the type of a condition", null,
        ("finish_reason_is", Object(new ObjectMember("reason", Text, Required: true))),
        ("has_tool_call", Object(new ObjectMember("tool_name", Text, Required: true))),
        ("max_cost", Object(new ObjectMember("max_cost_in_dollars", new NumberShape(0, double.MaxValue), Required: true))),
        ("max_tokens_used", Object(new ObjectMember("max_tokens", new IntegerShape(0, int.MaxValue), Required: true))),
        ("step_count_is", Object(new ObjectMember("step_count", new IntegerShape(0, int.MaxValue), Required: true)))), "expected an array of conditions",
        RequestBounds.Options);

    private static IEnumerable<string> PluginIds =>
    [
        "web", "web-fetch", "file-parser", "response-healing", "context-compression", "moderation", "auto-router", "auto-beta-router", "pareto-router",
        "fusion", "switchyard-router",
    ];

    private static ObjectShape SwitchedOff(string plugin) => Object(
        new ObjectMember("enabled", new TokenShape($"the router does not run the plugin '{plugin}'; expected false, or no such plugin",
            (JsonTokenType.False, AnyShape.Instance)), Required: true));
}

using System.Text.Json.Nodes;

namespace EdgeRouter.TestSupport.Converse;

/// <summary>
/// The shape of a request, as Amazon's types have it: each object has only members that the type has, and those that it must. A member of the shape with a
/// question mark may be missing; a union has exactly one of its members.
/// </summary>
internal static class ConverseShapes
{
    private static readonly Dictionary<string, string> Shapes = new()
    {
        ["request"] = "messages:message[] system?:system[] inferenceConfig?:inference toolConfig?:tools additionalModelRequestFields?:any "
            + "outputConfig?:output serviceTier?:tier",
        ["message"] = "role:text content:content[]",
        ["|content"] = "text:text image:image document:document toolUse:toolUse toolResult:toolResult reasoningContent:reasoning cachePoint:cachePoint",
        ["|system"] = "text:text cachePoint:cachePoint",
        ["image"] = "format:text source:bytes",
        ["document"] = "format?:text name:text source:bytes",
        ["|bytes"] = "bytes:blob",
        ["toolUse"] = "toolUseId:text name:text input:any",
        ["toolResult"] = "toolUseId:text content:result[] status?:text",
        ["|result"] = "text:text image:image document:document json:any",
        ["|reasoning"] = "reasoningText:thought redactedContent:blob",
        ["thought"] = "text:text signature?:text",
        ["cachePoint"] = "type:text ttl?:text",
        ["inference"] = "maxTokens?:any temperature?:any topP?:any stopSequences?:text[]",
        ["tools"] = "tools:tool[] toolChoice?:choice",
        ["|tool"] = "toolSpec:toolSpec cachePoint:cachePoint",
        ["toolSpec"] = "name:text description?:text inputSchema:schema strict?:any",
        ["|schema"] = "json:any",
        ["|choice"] = "any:nothing auto:nothing tool:named",
        ["nothing"] = "",
        ["named"] = "name:text",
        ["output"] = "textFormat?:format effort?:text",
        ["format"] = "type:text structure:structure",
        ["|structure"] = "jsonSchema:jsonSchema",
        ["jsonSchema"] = "schema:text name?:text description?:text",
        ["tier"] = "type:text",
    };

    /// <exception cref="InvalidOperationException">It has another shape; says where.</exception>
    public static void Check(JsonObject request)
    {
        Check(request, "request", "");
        var messages = request["messages"]!.AsArray();
        Require(messages.Count > 0 && messages[0]!["role"]!.GetValue<string>() == "user", "A conversation must start with a user message.");
        for (var i = 1; i < messages.Count; i++)
            Require(messages[i]!["role"]!.GetValue<string>() != messages[i - 1]!["role"]!.GetValue<string>(), "Roles must alternate.");
        var usesTools = messages.SelectMany(message => message!["content"]!.AsArray())
            .Any(block => block!["toolUse"] is not null || block["toolResult"] is not null);
        Require(!usesTools || request["toolConfig"] is not null, "The toolConfig field must be defined when using toolUse and toolResult content blocks.");
    }

    private static void Check(JsonNode? node, string shape, string path)
    {
        switch (shape)
        {
            case "any":
                return;
            case "text":
                var isText = node is JsonValue text && text.TryGetValue<string>(out var value) && value.Trim().Length > 0;
                Require(isText, $"{path}: expected text that is not blank");
                return;
            case "blob":
                Convert.FromBase64String(node!.GetValue<string>());
                return;
        }
        if (shape.EndsWith("[]", StringComparison.Ordinal))
        {
            Require(node is JsonArray, $"{path}: expected a list");
            foreach (var item in node!.AsArray()) Check(item, shape[..^2], path + "[]");
            return;
        }
        var isUnion = Shapes.TryGetValue("|" + shape, out var declared);
        var members = (declared ?? Shapes[shape]).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(member => member.Split(':'))
            .ToDictionary(member => member[0].TrimEnd('?'), member => (Shape: member[1], Optional: isUnion || member[0].EndsWith('?')));
        Require(node is JsonObject, $"{path}: expected an object");
        foreach (var (name, value) in node!.AsObject())
        {
            Require(members.ContainsKey(name), $"{path}: unknown member {name}");
            Check(value, members[name].Shape, $"{path}.{name}");
        }
        foreach (var (name, member) in members) Require(member.Optional || node[name] is not null, $"{path}: {name} is missing");
        Require(!isUnion || node.AsObject().Count == 1, $"{path}: expected exactly one of {string.Join(", ", members.Keys)}");
    }

    private static void Require(bool condition, string fault)
    {
        if (!condition) throw new InvalidOperationException(fault);
    }
}

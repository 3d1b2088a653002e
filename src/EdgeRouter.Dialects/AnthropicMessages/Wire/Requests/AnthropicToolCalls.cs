using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>A call of an assistant turn to a tool_use block.</summary>
internal static class AnthropicToolCalls
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("{}"u8);

    public static ToolUseBlock Block(ToolCallPart call, AnthropicRequestScope scope, RequestPlace place) =>
        new(WireId(call.Id), call.Name, ParseArguments(call.Arguments, scope, place with { Field = RequestField.Arguments }))
        {
            CacheControl = scope.Marker(call.CacheControl),
        };

    /// <summary>
    /// The id in the alphabet that the API accepts, <c>[A-Za-z0-9_-]</c>. Other providers' ids (such as <c>functions.get:0</c>) get other
    /// characters replaced and a hash appended, so that the call and its result still name each other and different ids stay different.
    /// </summary>
    public static string WireId(string id)
    {
        if (id.Length > 0 && id.All(IsAllowed)) return id;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 4));
        return string.Concat(id.Select(c => IsAllowed(c) ? c : '_')) + "_" + hash;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static JsonElement ParseArguments(string arguments, AnthropicRequestScope scope, RequestPlace place)
    {
        if (string.IsNullOrWhiteSpace(arguments)) return NoArguments;
        try
        {
            var input = JsonElement.Parse(arguments);
            if (input.ValueKind == JsonValueKind.Object) return input;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // not JSON, or (the latter) not valid UTF-16
        }
        throw scope.Refuse(place, "expected a JSON object as text");
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>Calls of an assistant turn to tool_use blocks.</summary>
internal static class AnthropicToolCalls
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("{}"u8);

    public static List<AnthropicBlock> Blocks(ChatMessage message, int index)
    {
        var blocks = new List<AnthropicBlock>(message.ToolCalls.Count);
        for (var i = 0; i < message.ToolCalls.Count; i++)
        {
            var call = message.ToolCalls[i];
            blocks.Add(new ToolUseBlock(WireId(call.Id), call.Name, ParseArguments(call.Arguments, $"messages[{index}].tool_calls[{i}].function.arguments")));
        }
        return blocks;
    }

    /// <summary>
    /// The id in the alphabet that the API accepts, <c>[A-Za-z0-9_-]</c>. Other providers' ids (such as <c>functions.get:0</c>) get their odd
    /// characters replaced and a hash appended, so that the call and its result still name each other and different ids stay different.
    /// </summary>
    public static string WireId(string id)
    {
        if (id.Length > 0 && id.All(IsAllowed)) return id;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 4));
        return string.Concat(id.Select(c => IsAllowed(c) ? c : '_')) + "_" + hash;
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static JsonElement ParseArguments(string arguments, string field)
    {
        if (string.IsNullOrWhiteSpace(arguments)) return NoArguments;
        try
        {
            var input = JsonElement.Parse(arguments);
            if (input.ValueKind == JsonValueKind.Object) return input;
        }
        catch (Exception error) when (error is JsonException or ArgumentException) // the latter: no valid UTF-16
        {
            throw new RouterException(RouterError.InvalidField(field, "expected a JSON object as text"), error);
        }
        throw new RouterException(RouterError.InvalidField(field, "expected a JSON object as text"));
    }
}

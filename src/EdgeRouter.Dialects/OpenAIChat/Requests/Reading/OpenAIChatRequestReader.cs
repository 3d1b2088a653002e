using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Validation;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Reading;

/// <summary>
/// Full parse of a chat request that <see cref="OpenAIChatRequestScanner"/> accepted. What it returns does not depend on the body's memory.
/// Thread-safe.
/// </summary>
internal static class OpenAIChatRequestReader
{
    /// <summary>Reads a chat request. Null members are the same as absent ones.</summary>
    /// <exception cref="RouterException">400: the reasoning options contradict each other.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body) => Read(body, Members.Table);

    /// <summary>Reads the request of an API with the members of a table. Null members are the same as absent ones.</summary>
    /// <exception cref="RouterException">400: the reasoning options contradict each other.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, RequestMemberTable<OpenAIChatMember> table)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var extensions = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var request = new ChatRequest
        {
            Messages = [],
            Sampling = new SamplingParameters(),
            Reasoning = OpenAIChatRequestReasoning.Fold(Given(Members.Reasoning), Given(Members.ReasoningEffort)?.GetString(),
                Given(Members.IncludeReasoning)?.GetBoolean()),
            Extensions = extensions,
        };
        foreach (var given in root.EnumerateObject())
        {
            if (given.Value.ValueKind == JsonValueKind.Null) continue;
            var name = given.Name;
            var member = table.Find(name);
            if (member.IsExtension) extensions[name] = given.Value.Clone();
            else if (member.YieldsTo is not { } winner || root.Member(winner) is null) member.Read?.Invoke(request, given.Value);
        }
        return request;

        // What the table does not declare was not checked: it may hold anything.
        JsonElement? Given(OpenAIChatMember member) => table.Find(member.Name).Name == member.Name ? root.Member(member.Name) : null;
    }
}

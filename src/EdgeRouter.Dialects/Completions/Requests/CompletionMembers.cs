using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.Completions.Requests;

/// <summary>
/// The top-level members of a completion request. Those that only this API has, or that mean something else here, are declared here; all others are the
/// chat request's, with one declaration for both.
/// </summary>
internal static class CompletionMembers
{
    private const string ChatOnly = "expected no such member in a completion; chat/completions takes it";

    /// <summary><c>prompt</c>. In the content model one text becomes one user message.</summary>
    public static readonly OpenAIChatMember Prompt = Own("prompt", new CompletionPromptShape()) with
    {
        Read = ReadPrompt,
    };

    private static readonly OpenAIChatMember[] OwnMembers =
    [
        Prompt,
        Own("suffix", new StringShape { CountsAsText = true }.OrNull()) with { Note = static (found, value) => Scan(found).HasSuffix = value.Length > 2 },
        Own("echo", CommonShapes.Flag.OrNull()) with { Note = static (found, value) => Scan(found).Echo = CheckedValues.Flag(value) },
        Own("best_of", new IntegerShape(1, RequestBounds.Choices).OrNull()) with
        {
            Note = static (found, value) => Scan(found).BestOf = CheckedValues.Integer(value),
        },
        Own("logprobs", new IntegerShape(0, 20).OrNull()) with { Note = static (found, _) => Scan(found).HasLogprobs = true },
        Refused("messages"), Refused("tools"), Refused("tool_choice"), Refused("parallel_tool_calls"), Refused("modalities"), Refused("audio"),
    ];

    /// <summary>The members by key.</summary>
    public static readonly RequestMemberTable<OpenAIChatMember> Table = new(OpenAIChatRequestMembers.Unknown,
        [.. OwnMembers, .. OpenAIChatRequestMembers.Table.Members.Where(shared => !Array.Exists(OwnMembers, own => own.Name == shared.Name))]);

    private static OpenAIChatMember Own(string name, RequestShape shape) => new(name, MemberAudience.Both, shape) { IsCopied = true };

    /// <summary>A member of a chat request that a text cannot answer, or that takes the place of the prompt.</summary>
    private static OpenAIChatMember Refused(string name) => new(name, MemberAudience.Router, new RefusedShape(ChatOnly).OrNull());

    private static CompletionScan Scan(ScannedRequest found) => (CompletionScan)found;

    private static void ReadPrompt(ChatRequest request, JsonElement prompt)
    {
        var text = TextOf(prompt) ?? throw new InvalidOperationException("A prompt that is not one text has no place in a conversation.");
        OpenAIChatRequestMembers.Prompt.Read!(request, text);
    }

    /// <summary>The one text of a prompt; null: there are several, or token ids.</summary>
    public static JsonElement? TextOf(JsonElement prompt) => prompt.ValueKind switch
    {
        JsonValueKind.String => prompt,
        JsonValueKind.Array when prompt.GetArrayLength() == 1 && prompt[0].ValueKind == JsonValueKind.String => prompt[0],
        _ => null,
    };
}

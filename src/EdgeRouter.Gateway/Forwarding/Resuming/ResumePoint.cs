using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects;

namespace EdgeRouter.Gateway.Forwarding.Resuming;

/// <summary>Where a stream broke: the conversation, and what the caller has of the answer. Immutable.</summary>
/// <param name="Conversation">As the caller sent it.</param>
/// <param name="Text">Text of the answer so far; not empty.</param>
/// <param name="OutputTokens">Tokens of the answer so far, as counted.</param>
public sealed record ResumePoint(ChatRequest Conversation, string Text, long OutputTokens)
{
    private static readonly JsonElement True = JsonSerializer.SerializeToElement(true);
    private static readonly JsonElement False = JsonSerializer.SerializeToElement(false);

    /// <summary>The seam at an endpoint. A caller's own beginning of the assistant's turn is part of what a provider repeats.</summary>
    public TextSeam SeamAt(Endpoint endpoint) => new(OwnBeginning() + Text, endpoint.Prefill == AssistantPrefill.Prefix);

    /// <summary>The conversation that asks an endpoint to go on.</summary>
    public ChatRequest ContinuedAt(Endpoint endpoint)
    {
        var beginning = SeamAt(endpoint).Beginning;
        // A caller's own beginning and the answer to it are one turn.
        var messages = (OwnBeginning().Length > 0 ? Conversation.Messages.SkipLast(1) : Conversation.Messages).ToList();
        messages.Add(new ChatMessage
        {
            Role = ChatRole.Assistant,
            Content = [new TextPart(beginning)],
            Extensions = endpoint.Prefill == AssistantPrefill.Prefix
                ? new Dictionary<string, JsonElement> { ["prefix"] = True } : new Dictionary<string, JsonElement>(),
        });
        return Conversation with
        {
            Messages = messages,
            MaxOutputTokens = Conversation.MaxOutputTokens is { } most ? (int)Math.Max(1, most - OutputTokens) : null,
            Extensions = endpoint.Prefill == AssistantPrefill.ContinueFinalMessage
                ? new Dictionary<string, JsonElement>(Conversation.Extensions) { ["continue_final_message"] = True, ["add_generation_prompt"] = False }
                : Conversation.Extensions,
        };
    }

    private string OwnBeginning() =>
        Conversation.Messages[^1] is { Role: ChatRole.Assistant } own
            && own.Content.All(part => part is TextPart or ReasoningPart { IsContent: false } or RefusalPart or CitationPart or ImagePart { IsGenerated: true })
            ? own.Content.JoinText() ?? ""
            : "";
}

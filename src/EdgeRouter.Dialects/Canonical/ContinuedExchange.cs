using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>Asks an endpoint to continue an answer that another one began. Streams only.</summary>
/// <param name="request">The caller's request.</param>
/// <param name="wire">The endpoint's wire format.</param>
/// <param name="target">Where the request goes.</param>
/// <param name="point">Where the answer broke off.</param>
public sealed class ContinuedExchange(ConversationRequest request, IConversationWire wire, WireTarget target, ResumePoint point)
    : CanonicalExchange(request, wire, target)
{
    private static readonly JsonElement True = JsonSerializer.SerializeToElement(true);
    private static readonly JsonElement False = JsonSerializer.SerializeToElement(false);

    /// <inheritdoc/>
    public override IStreamTranscoder CreateStreamTranscoder(AnswerHeader header, string? contentType) =>
        new ContinuedStreamTranscoder(Wire.CreateStreamReader(Target.Endpoint.Provider), Request.CreateStreamWriter(header),
            CreateSeam(Request.GetConversation()));

    /// <inheritdoc/>
    protected override ChatRequest GetConversation()
    {
        var (conversation, prefill) = (Request.GetConversation(), Target.Endpoint.Prefill);
        // A caller's own beginning and the answer to it are one turn.
        var messages = (OwnBeginning(conversation).Length > 0 ? conversation.Messages.SkipLast(1) : conversation.Messages).ToList();
        messages.Add(new ChatMessage
        {
            Role = ChatRole.Assistant,
            Content = [new TextPart(CreateSeam(conversation).Beginning)],
            Extensions = prefill == AssistantPrefill.Prefix
                ? new Dictionary<string, JsonElement> { ["prefix"] = True } : new Dictionary<string, JsonElement>(),
        });
        return conversation with
        {
            Messages = messages,
            MaxOutputTokens = conversation.MaxOutputTokens is { } most ? (int)Math.Max(1, most - point.OutputTokens) : null,
            Extensions = prefill == AssistantPrefill.ContinueFinalMessage
                ? new Dictionary<string, JsonElement>(conversation.Extensions) { ["continue_final_message"] = True, ["add_generation_prompt"] = False }
                : conversation.Extensions,
        };
    }

    /// <summary>A caller's own beginning of the assistant's turn is part of what a provider repeats.</summary>
    private TextSeam CreateSeam(ChatRequest conversation) =>
        new(OwnBeginning(conversation) + point.Text, Target.Endpoint.Prefill == AssistantPrefill.Prefix);

    private static string OwnBeginning(ChatRequest conversation) =>
        conversation.Messages[^1] is { Role: ChatRole.Assistant } own
            && own.Content.All(part => part is TextPart or ReasoningPart { IsContent: false } or RefusalPart or CitationPart or ImagePart { IsGenerated: true })
            ? own.Content.JoinText() ?? ""
            : "";
}

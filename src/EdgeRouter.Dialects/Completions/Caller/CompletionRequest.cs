using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Completions.Caller.Answers;
using EdgeRouter.Dialects.Completions.PassThrough;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Completions.Caller;

/// <summary>
/// A completion request. With a provider that speaks completions it is passed through; any other provider is asked as for a chat, where the prompt is
/// one text and there is no suffix.
/// </summary>
internal sealed class CompletionRequest : ConversationRequest
{
    private readonly ConversationRequest asChat;
    private ReadOnlyMemory<byte> body;

    private CompletionRequest(ConversationRequest asChat, CompletionMembers members, ReadOnlyMemory<byte> body) : base(asChat.Facts, body.Length)
    {
        this.asChat = asChat;
        this.body = body;
        Members = members;
    }

    /// <summary>What stands in the body.</summary>
    public CompletionMembers Members { get; }

    /// <summary>The caller's body.</summary>
    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Members that a conversation has no place for and whose absence changes an answer only in part.</summary>
    protected internal override IReadOnlyList<string> Uncarried => (Members.Logprobs, Members.BestOf > Facts.ChoiceCount) switch
    {
        (true, true) => ["logprobs", "best_of"],
        (true, false) => ["logprobs"],
        (false, true) => ["best_of"],
        _ => [],
    };

    /// <summary>Makes it of the same request read as a chat.</summary>
    /// <exception cref="RouterException">400: <c>best_of</c> does not fit <c>n</c> or <c>stream</c>.</exception>
    public static CompletionRequest Create(ConversationRequest asChat, CompletionMembers members, ReadOnlyMemory<byte> body)
    {
        var facts = asChat.Facts;
        if (members.BestOf < facts.ChoiceCount) throw Invalid("best_of", $"expected at least n, which is {facts.ChoiceCount}");
        if (members.BestOf > 1 && facts.Stream) throw Invalid("best_of", "expected 1, or no stream");
        facts.Operation = Operation.Completion;
        facts.PromptCount = members.Prompt.Count;
        facts.GeneratedChoices = members.BestOf * members.Prompt.Count;
        facts.ChoiceCount *= members.Prompt.Count;
        // A token counts as the 4 bytes of text that it stands for on average.
        if (members.Prompt.Tokens > 0) facts.TextBytes = members.Prompt.Tokens * 4;
        facts.TextBytes += members.SuffixBytes ?? 0;
        return new CompletionRequest(asChat, members, body);
    }

    protected override IRequestFields Fields => CompletionFields.Instance;

    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint)
    {
        if (wire.Name == WireNames.OpenAICompletions) return new CompletionPassThrough(this, wire, Target(endpoint));
        if (!Members.Prompt.IsOneText)
            throw Invalid("prompt", $"expected one text: {endpoint.Provider.Name} takes neither several prompts nor token ids");
        if (Members.SuffixBytes > 0) throw Invalid("suffix", $"expected none: {endpoint.Provider.Name} takes no suffix");
        return CreateCanonical(wire, endpoint);
    }

    public override void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        CompletionResponseWriter.Write(response, Echo(), header, usage, output);

    public override ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new CompletionStreamWriter(header, Echo());

    public override void Forget()
    {
        asChat.Forget();
        body = default;
        base.Forget();
    }

    protected override ChatRequest ReadConversation() => asChat.GetConversation();

    /// <summary>What each text begins with; null: nothing.</summary>
    private string? Echo() => Members.Echo ? Members.Prompt.TextIn(body.Span) : null;

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}

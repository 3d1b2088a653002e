using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Completions.Caller.Answers;
using EdgeRouter.Dialects.Completions.PassThrough;
using EdgeRouter.Dialects.Completions.Requests;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Completions.Caller;

/// <summary>
/// A completion request. With a provider that speaks completions it is passed through. Any other provider is asked as for a chat, where the prompt is
/// one text and there is no suffix.
/// </summary>
internal sealed class CompletionRequest : ConversationRequest
{
    private readonly CompletionScan scan;
    private readonly CompletionPrompt prompt;

    private CompletionRequest(CompletionScan scan, CompletionPrompt prompt) : base(scan, scan.Body.Length)
    {
        this.scan = scan;
        this.prompt = prompt;
    }

    /// <summary>Members that a conversation has no place for and whose absence changes an answer only in part.</summary>
    protected internal override IReadOnlyList<string> Uncarried => (scan.HasLogprobs, scan.BestOf > scan.ChoiceCount) switch
    {
        (true, true) => ["logprobs", "best_of"],
        (true, false) => ["logprobs"],
        (false, true) => ["best_of"],
        _ => [],
    };

    /// <inheritdoc/>
    /// <remarks>Text that stands before a suffix, behind an echo or beside log probabilities cannot be continued in another answer.</remarks>
    public override bool CanBeContinued => base.CanBeContinued && prompt.IsOneText && !scan.HasSuffix && !scan.Echo && !scan.HasLogprobs;

    /// <summary>Reads a body.</summary>
    /// <exception cref="RouterException">400 naming the member (or position, for malformed JSON) and what was expected.</exception>
    public static CompletionRequest Read(ReadOnlyMemory<byte> body)
    {
        var found = new CompletionScan();
        OpenAIChatRequestScanner.Scan(body, CompletionMembers.Table, found);
        var given = found.Prompt ?? throw Invalid("prompt", "required, " + CompletionMembers.Prompt.Shape.Expected);
        if (found.BestOf < found.ChoiceCount) throw Invalid("best_of", $"expected at least n, which is {found.ChoiceCount}");
        if (found.BestOf > 1 && found.Stream) throw Invalid("best_of", "expected 1 for a stream");
        found.Operation = Operation.Completion;
        found.PromptCount = given.Count;
        found.GeneratedChoices = found.BestOf * given.Count;
        found.ChoiceCount *= given.Count;
        return new CompletionRequest(found, given);
    }

    protected override IRequestFields Fields => OpenAIChatPromptFields.Instance;

    public override IExchange CreateExchange(IProviderWire wire, Endpoint endpoint)
    {
        if (wire.Name == WireNames.OpenAICompletions) return new CompletionPassThrough(scan, wire, Target(endpoint));
        if (!prompt.IsOneText) throw Invalid("prompt", $"expected one text: {endpoint.Provider.Name} takes neither several prompts nor token ids");
        if (scan.HasSuffix) throw Invalid("suffix", $"expected none: {endpoint.Provider.Name} takes no suffix");
        return CreateCanonical(wire, endpoint);
    }

    public override void WriteResponse(ChatResponse response, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output) =>
        CompletionResponseWriter.Write(response, Echo(), header, usage, output);

    public override ICallerStreamWriter CreateStreamWriter(AnswerHeader header) => new CompletionStreamWriter(header, Echo());

    protected override ChatRequest ReadConversation() => OpenAIChatRequestReader.Read(scan.Body, CompletionMembers.Table);

    /// <summary>What each text begins with; null: nothing.</summary>
    private string? Echo()
    {
        if (!scan.Echo || !scan.TryGet(CompletionMembers.Prompt, out var given)) return null;
        return CompletionMembers.TextOf(CheckedValues.Element(given.Slice(scan.Body.Span)))?.GetString();
    }

    private static RouterException Invalid(string field, string expected) => new(RouterError.InvalidField(field, expected));
}

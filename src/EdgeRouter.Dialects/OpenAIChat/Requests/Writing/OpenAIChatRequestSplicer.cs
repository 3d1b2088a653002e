using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>
/// The fast path: the provider's body is made of ranges of the caller's. Nothing is parsed again and nothing is copied but into the output. It writes
/// the same JSON, up to the order of members, as the canonical path, and drops the same parameters.
/// </summary>
internal readonly ref struct OpenAIChatRequestSplicer
{
    private readonly ReadOnlySpan<byte> body;
    private readonly OpenAIChatScan scan;
    private readonly OpenAIChatMemberOutput output;

    private OpenAIChatRequestSplicer(OpenAIChatScan scan, OpenAIChatMemberOutput output)
    {
        body = scan.Body.Span;
        this.scan = scan;
        this.output = output;
    }

    private WireTarget Target => output.Target;

    /// <summary>Whether a chat request can be spliced for an endpoint; else it needs the canonical path.</summary>
    public static bool CanSplice(OpenAIChatScan scan, WireTarget target)
    {
        if (scan.TryGet(Members.Prompt, out _)) return false;
        // Such a provider requires every call with its reasoning, or with what replaces it.
        if (scan.Conversation.HasToolCalls && target.OptInNameOf(OpenAIChatRequestTarget.ReasoningText) is not null) return false;
        foreach (var edit in scan.Edits)
        {
            switch (edit.Reason)
            {
                case OpenAIChatEdits.CacheBreakpoint:
                    return false;
                // The structured form alone may become the plain one.
                case OpenAIChatEdits.Reasoning or OpenAIChatEdits.ReasoningDetails when target.OptInNameOf(OpenAIChatRequestTarget.ReasoningText) is not null:
                case OpenAIChatEdits.ReasoningDetails when target.OptInNameOf(OpenAIChatRequestTarget.ReasoningDetails) is not null:
                    return false;
            }
        }
        return true;
    }

    /// <summary>Writes the provider's body.</summary>
    /// <param name="scan">The caller's body, scanned.</param>
    /// <param name="table">The members that the caller API knows.</param>
    /// <param name="output">Receives the provider's body, and the names of parameters that the wire or the endpoint does not take.</param>
    public static void Write(OpenAIChatScan scan, RequestMemberTable<OpenAIChatMember> table, OpenAIChatMemberOutput output) =>
        new OpenAIChatRequestSplicer(scan, output).Write(table);

    private void Write(RequestMemberTable<OpenAIChatMember> table)
    {
        output.Output.Write("{\"model\":"u8);
        output.WriteString(Target.Model);
        foreach (var given in scan.Members)
            if (given.HasEffect) WriteMember(given);
        output.WriteRestated(table.Members, OpenAIChatRestatedValues.Of(scan));
        output.Output.Write("}"u8);
        NameUncarried();
    }

    private void WriteMember(ScannedMember given)
    {
        var member = (OpenAIChatMember)given.Member;
        if (!member.IsCopied) return;
        if (member.Needs is { } needed && !Target.Accepts(needed.Parameter))
        {
            Target.Drop(member.Parameter, output.Dropped);
            return;
        }
        var parameter = member.ParameterOf?.Invoke(scan) ?? member.Parameter;
        if (!output.Carries(parameter) || !output.Begin(parameter, member.SentAs ?? given.Name)) return;
        var isLone = member.MayBeLone && body[given.Start] == (byte)'"';
        if (isLone) output.Output.Write("["u8);
        Copy(given);
        if (isLone) output.Output.Write("]"u8);
    }

    private void Copy(ScannedMember given)
    {
        var rules = new EditRules(Target.Accepts(RequestParameters.CacheControl));
        RequestEdits.Copy(body, given.Start, given.End, scan.Edits, ref rules, output.Output);
        if (rules.HasDroppedMarker) output.Dropped.AddOnce(Members.CacheControl.Name);
    }

    /// <summary>Names the parameters that the wire has no place for. Structured outputs ask for an endpoint only.</summary>
    private void NameUncarried()
    {
        for (var left = (ulong)(scan.Parameters & ~RequestParameters.StructuredOutputs); left != 0; left &= left - 1)
        {
            var parameter = (RequestParameters)(left & (~left + 1));
            if (!output.Carries(parameter)) Target.Drop(parameter, output.Dropped);
        }
    }

    private struct EditRules(bool keepsMarkers) : IRequestEditRules
    {
        public bool HasDroppedMarker { get; private set; }

        public bool Applies(byte reason)
        {
            if (reason != OpenAIChatEdits.CacheControl) return true;
            HasDroppedMarker |= !keepsMarkers;
            return !keepsMarkers;
        }

        public readonly ReadOnlySpan<byte> TextFor(byte reason) => OpenAIChatEdits.TextFor(reason);
    }
}

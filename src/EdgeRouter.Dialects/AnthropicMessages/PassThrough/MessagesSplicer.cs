using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests;
using EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Checking;
using EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.AnthropicMessages.PassThrough;

/// <summary>
/// The fast path for requests: the provider's body is made of ranges of the caller's. Nothing is parsed again and nothing is copied but into the output. What
/// only Anthropic's API has passes as it is. It asks for the same as the canonical path, and drops the same parameters.
/// </summary>
internal readonly ref struct MessagesSplicer
{
    private readonly MessagesScan scan;
    private readonly WireTarget target;
    private readonly IBufferWriter<byte> output;
    private readonly ICollection<string> dropped;

    private MessagesSplicer(MessagesScan scan, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        this.scan = scan;
        this.target = target;
        this.output = output;
        this.dropped = dropped;
    }

    /// <summary>Whether a request can be spliced for an endpoint; else it needs the canonical path.</summary>
    public static bool CanSplice(MessagesScan scan, WireTarget target)
    {
        if (scan.HasOtherReasoning || scan.HasLateInstructions) return false;
        // Models take either a budget or an effort; the other one must be translated.
        var takesEffort = AnthropicReasoning.TakesEffortOnly(target);
        if (scan.Thinking == (takesEffort ? MessagesThinking.Enabled : MessagesThinking.Adaptive)) return false;
        if (scan.HasEffort && !takesEffort && !target.Accepts(RequestParameters.Verbosity)) return false;
        return !scan.HasFormat || target.Accepts(RequestParameters.StructuredOutputs);
    }

    /// <summary>Writes the provider's body.</summary>
    /// <param name="scan">The caller's body, scanned.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="output">Receives the provider's body.</param>
    /// <param name="dropped">Receives the names of parameters that the endpoint does not take.</param>
    public static void Write(MessagesScan scan, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        new MessagesSplicer(scan, target, output, dropped).Write();

    private void Write()
    {
        var version = target.Endpoint.Provider.MessagesVersion;
        output.Write(version is null ? "{\"model\":"u8 : "{\"anthropic_version\":"u8);
        ((JsonText)(version ?? target.Model)).WriteValue(output);
        output.Write(",\"max_tokens\":"u8);
        JsonBytes.Write(scan.MaxOutputTokens ?? target.Endpoint.MaxCompletionTokens ?? AnthropicReasoning.DefaultMaxTokens, output);
        if (target.Stream) output.Write(",\"stream\":true"u8);
        foreach (var given in scan.Members)
            if (given.HasEffect) WriteMember(given, (MessagesMember)given.Member);
        WriteTier();
        WriteUser();
        output.Write("}"u8);
    }

    private void WriteMember(ScannedMember given, MessagesMember member)
    {
        if (!member.IsCopied || (target.Endpoint.Provider.MessagesVersion is not null && given.Name == "anthropic_version")) return;
        if (member.Needs is { } needed && !target.Accepts(needed.Parameter))
        {
            target.Drop(member.Parameter, dropped);
            if ((scan.Parameters & RequestParameters.ParallelToolCalls) != 0) target.Drop(RequestParameters.ParallelToolCalls, dropped);
        }
        else if (target.Accepts(member.Parameter)) Copy(given);
        else if (member.IsKnown) target.Drop(member.Parameter, dropped);
        else target.Drop(RequestPlace.OfExtension(given.Name), dropped);
    }

    private void Copy(ScannedMember given)
    {
        output.Write(","u8);
        ((JsonText)given.Name).WriteValue(output);
        output.Write(":"u8);
        var rules = new EditRules(target.Accepts(RequestParameters.CacheControl));
        RequestEdits.Copy(scan.Body.Span, given.Start, given.End, scan.Edits, ref rules, output);
        if (rules.HasDroppedMarker) target.Drop(RequestParameters.CacheControl, dropped);
    }

    private void WriteTier()
    {
        if (AnthropicRequestWriter.TierOf(target.TierFor(scan.ServiceTier, dropped), target, dropped) is not { } tier) return;
        output.Write(",\"service_tier\":"u8);
        ((JsonText)tier).WriteValue(output);
    }

    private void WriteUser()
    {
        if (scan.User is not { Length: > 0 } user) return;
        if (!target.Accepts(RequestParameters.User))
        {
            target.Drop(RequestParameters.User, dropped);
            return;
        }
        output.Write(",\"metadata\":{\"user_id\":"u8);
        ((JsonText)AnthropicRequestWriter.HashOf(user)).WriteValue(output);
        output.Write("}"u8);
    }

    private struct EditRules(bool keepsMarkers) : IRequestEditRules
    {
        public bool HasDroppedMarker { get; private set; }

        public bool Applies(byte reason)
        {
            if (reason != MessagesEdits.CacheControl) return true;
            HasDroppedMarker |= !keepsMarkers;
            return !keepsMarkers;
        }

        public readonly ReadOnlySpan<byte> TextFor(byte reason) => [];
    }
}

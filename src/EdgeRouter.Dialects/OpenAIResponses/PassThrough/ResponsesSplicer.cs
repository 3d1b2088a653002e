using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests;
using EdgeRouter.Dialects.OpenAIResponses.Wire.Requests;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.ResponsesMembers;

namespace EdgeRouter.Dialects.OpenAIResponses.PassThrough;

/// <summary>
/// The fast path for requests: the provider's body is made of ranges of the caller's. What only OpenAI's API has passes as it is. It drops the same
/// parameters as the canonical path.
/// </summary>
internal readonly ref struct ResponsesSplicer
{
    private const string Encrypted = "reasoning.encrypted_content";

    private readonly ResponsesScan scan;
    private readonly WireTarget target;
    private readonly IBufferWriter<byte> output;
    private readonly ICollection<string> dropped;

    private ResponsesSplicer(ResponsesScan scan, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        this.scan = scan;
        this.target = target;
        this.output = output;
        this.dropped = dropped;
    }

    /// <summary>Whether a request can be spliced for an endpoint; else it needs the canonical path.</summary>
    public static bool CanSplice(ResponsesScan scan, WireTarget target)
    {
        // Reasoning of other providers is left out there, and so are items of other routers.
        if (scan.HasOtherReasoning || scan.HasRouterItems) return false;
        // The router's own members of the reasoning options are translated there.
        if (scan.Reasoning is { } asked && asked != new ReasoningOptions { Effort = asked.Effort, Summary = asked.Summary }) return false;
        var used = scan.Parameters & (RequestParameters.Verbosity | RequestParameters.Logprobs);
        used |= (scan.Parameters & RequestParameters.StructuredOutputs) != 0 ? RequestParameters.StructuredOutputs
            : scan.Parameters & RequestParameters.ResponseFormat;
        return target.Accepts(used);
    }

    /// <summary>Writes the provider's body.</summary>
    /// <param name="scan">The caller's body, scanned.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="output">Receives the provider's body.</param>
    /// <param name="dropped">Receives the names of parameters that the endpoint does not take.</param>
    public static void Write(ResponsesScan scan, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        new ResponsesSplicer(scan, target, output, dropped).Write();

    private void Write()
    {
        output.Write("{\"model\":"u8);
        ((JsonText)target.Model).WriteValue(output);
        if (target.Stream) output.Write(",\"stream\":true"u8);
        output.Write(",\"store\":false"u8);
        foreach (var given in scan.Members)
            if (given.HasEffect) WriteMember(given, (ResponsesMember)given.Member);
        WriteInclude();
        if (target.TierFor(scan.ServiceTier, dropped) is { } tier && Takes(RequestParameters.ServiceTier)) WriteText(",\"service_tier\":"u8, tier);
        if (scan.User is { Length: > 0 } user && Takes(RequestParameters.User)) WriteText(",\"user\":"u8, OpenAIResponsesRequestWriter.HashOf(user));
        output.Write("}"u8);
    }

    private void WriteMember(ScannedMember given, ResponsesMember member)
    {
        if (!member.IsCopied)
        {
            // Those of other APIs, which this one has no place for.
            if (member.Audience == MemberAudience.Provider) target.Drop(PlaceOf(given, member), dropped);
            return;
        }
        if (member.Needs is { } needed && !target.Accepts(needed.Parameter)) target.Drop(member.Parameter, dropped);
        else if (target.Accepts(member.Parameter)) Copy(given);
        else target.Drop(PlaceOf(given, member), dropped);
    }

    private static RequestPlace PlaceOf(ScannedMember given, ResponsesMember member) =>
        member.IsKnown && RequestParameterNames.ByName.ContainsKey(member.Name) ? member.Parameter : RequestPlace.OfExtension(given.Name);

    private void Copy(ScannedMember given)
    {
        output.Write(","u8);
        ((JsonText)given.Name).WriteValue(output);
        output.Write(":"u8);
        output.Write(given.Slice(scan.Body.Span));
    }

    /// <summary>Encrypted reasoning is asked for where the endpoint reasons, and only there: a model that does not refuses the question.</summary>
    private void WriteInclude()
    {
        var reasons = target.Accepts(RequestParameters.Reasoning);
        var isOpen = false;
        if (reasons) Add(Encrypted, ref isOpen);
        if (scan.TryGet(Members.Include, out var given))
            foreach (var name in CheckedValues.Strings(given.Slice(scan.Body.Span)))
                if (name != Encrypted) Add(name, ref isOpen);
        if (isOpen) output.Write("]"u8);
    }

    private void Add(string name, ref bool isOpen)
    {
        output.Write(isOpen ? ","u8 : ",\"include\":["u8);
        isOpen = true;
        ((JsonText)name).WriteValue(output);
    }

    private void WriteText(ReadOnlySpan<byte> name, string text)
    {
        output.Write(name);
        ((JsonText)text).WriteValue(output);
    }

    private bool Takes(RequestParameters parameter)
    {
        if (target.Accepts(parameter)) return true;
        target.Drop(parameter, dropped);
        return false;
    }
}

using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Caller.Requests;
using EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;
using EdgeRouter.Dialects.Gemini.Wire.Requests;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiMembers;

namespace EdgeRouter.Dialects.Gemini.PassThrough;

/// <summary>
/// The fast path for requests: the provider's body is made of ranges of the caller's. Nothing is parsed again and nothing is copied but into the output. What
/// only Google's API has passes as it is. It asks for the same as the canonical path, and drops the same parameters.
/// </summary>
internal readonly ref struct GeminiSplicer
{
    private readonly GeminiScan scan;
    private readonly WireTarget target;
    private readonly IBufferWriter<byte> output;
    private readonly ICollection<string> dropped;

    private GeminiSplicer(GeminiScan scan, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        this.scan = scan;
        this.target = target;
        this.output = output;
        this.dropped = dropped;
    }

    /// <summary>Whether a request can be spliced for an endpoint; else it needs the canonical path.</summary>
    public static bool CanSplice(GeminiScan scan, WireTarget target)
    {
        if (scan.HasOtherReasoning || scan.HasUnfetchedUrl) return false;
        var isNew = GeminiModels.IsThirdGenerationOrLater(target.Model);
        if (isNew && (scan.HasUnsignedTurn || (scan.HasModelTurn && GeminiModels.GeneratesImages(target.Model)))) return false;
        // Older models take a budget, and no level.
        if (scan.Thinking.Level is not null && !isNew && target.Accepts(RequestParameters.Reasoning)) return false;
        if (!scan.HasFormat) return true;
        if (!target.Accepts(RequestParameters.ResponseFormat)) return false;
        if ((scan.Parameters & RequestParameters.StructuredOutputs) != 0 && !target.Accepts(RequestParameters.StructuredOutputs)) return false;
        // Older models take no format beside functions.
        return isNew || scan.ToolNames is null || !target.Accepts(RequestParameters.Tools);
    }

    /// <summary>Writes the provider's body.</summary>
    /// <param name="scan">The caller's body, scanned.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="output">Receives the provider's body.</param>
    /// <param name="dropped">Receives the names of parameters that the endpoint does not take.</param>
    public static void Write(GeminiScan scan, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped) =>
        new GeminiSplicer(scan, target, output, dropped).Write();

    private void Write()
    {
        output.Write("{"u8);
        var isFirst = true;
        foreach (var given in scan.Members)
            if (given.HasEffect) WriteMember(given, (GeminiMember)given.Member, ref isFirst);
        if (GeminiRequestWriter.TierOf(target.TierFor(scan.ServiceTier, dropped), target, dropped) is { } tier)
        {
            WriteName("serviceTier", ref isFirst);
            ((JsonText)tier).WriteValue(output);
        }
        output.Write("}"u8);
        if (scan.User is not null) target.Drop(RequestParameters.User, dropped);
    }

    private void WriteMember(ScannedMember given, GeminiMember member, ref bool isFirst)
    {
        if (!member.IsCopied) return;
        if (member.Needs is { } needed && !target.Accepts(needed.Parameter)) target.Drop(member.Parameter, dropped);
        else if (target.Accepts(member.Parameter)) Copy(given, ref isFirst);
        else if (member.Parameter != RequestParameters.Unknown) target.Drop(member.Parameter, dropped);
        else target.Drop(RequestPlace.OfExtension(given.Name), dropped);
    }

    private void Copy(ScannedMember given, ref bool isFirst)
    {
        WriteName(given.Name, ref isFirst);
        if (given.Member == Members.SystemInstruction && scan.Body.Span[given.Start] == '"')
        {
            output.Write("{\"parts\":[{\"text\":"u8);
            output.Write(given.Slice(scan.Body.Span));
            output.Write("}]}"u8);
            return;
        }
        var rules = new EditRules(target, dropped);
        RequestEdits.Copy(scan.Body.Span, given.Start, given.End, scan.Edits, ref rules, output);
    }

    private void WriteName(string name, ref bool isFirst)
    {
        if (!isFirst) output.Write(","u8);
        isFirst = false;
        ((JsonText)name).WriteValue(output);
        output.Write(":"u8);
    }

    /// <summary>A member of <c>generationConfig</c> is left out where the endpoint does not take it.</summary>
    private readonly struct EditRules(WireTarget target, ICollection<string> dropped) : IRequestEditRules
    {
        public bool Applies(byte reason)
        {
            if (reason == RequestEdit.Always) return true;
            var parameter = GeminiConfigSchema.ParameterOf(reason);
            if (target.Accepts(parameter)) return false;
            target.Drop(parameter, dropped);
            return true;
        }

        public ReadOnlySpan<byte> TextFor(byte reason) => [];
    }
}

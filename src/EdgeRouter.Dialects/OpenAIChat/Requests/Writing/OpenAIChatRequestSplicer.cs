using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.Validation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>
/// The fast path: the provider's body is made of ranges of the caller's. Nothing is parsed again and nothing is copied but into the output. It writes
/// the same JSON, up to the order of members, as <see cref="OpenAIChatRequestWriter"/> over <see cref="OpenAIChatRequestReader"/>, and drops the same
/// parameters.
/// </summary>
internal ref struct OpenAIChatRequestSplicer
{
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/@~+");

    private readonly ReadOnlySpan<byte> body;
    private readonly OpenAIChatScan scan;
    private readonly WireTarget target;
    private readonly IBufferWriter<byte> output;
    private readonly ICollection<string> dropped;

    private OpenAIChatRequestSplicer(ReadOnlySpan<byte> body, OpenAIChatScan scan, WireTarget target, IBufferWriter<byte> output,
        ICollection<string> dropped)
    {
        this.body = body;
        this.scan = scan;
        this.target = target;
        this.output = output;
        this.dropped = dropped;
    }

    /// <summary>Writes the provider's body, or returns false, having done nothing, when the request needs the canonical path.</summary>
    /// <param name="body">The body that was scanned.</param>
    /// <param name="scan">What was found.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="output">Receives the provider's body.</param>
    /// <param name="dropped">Receives the names of parameters that the endpoint does not take.</param>
    public static bool TryWrite(ReadOnlyMemory<byte> body, OpenAIChatScan scan, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        if (NeedsCanonicalPath(scan, target)) return false;
        new OpenAIChatRequestSplicer(body.Span, scan, target, output, dropped).Write();
        return true;
    }

    private static bool NeedsCanonicalPath(OpenAIChatScan scan, WireTarget target)
    {
        if (scan.TryGet(Members.Prompt, out _)) return true;
        // Such a provider wants every call with its reasoning, or with what stands in for it.
        if (scan.Conversation.HasToolCalls && target.OptInNameOf(OpenAIChatRequestTarget.ReasoningText) is not null) return true;
        foreach (var edit in scan.Edits)
        {
            switch (edit.Reason)
            {
                case OpenAIChatEdits.CacheBreakpoint:
                    return true;
                // The structured form alone may become the plain one.
                case OpenAIChatEdits.Reasoning or OpenAIChatEdits.ReasoningDetails when target.OptInNameOf(OpenAIChatRequestTarget.ReasoningText) is not null:
                case OpenAIChatEdits.ReasoningDetails when target.OptInNameOf(OpenAIChatRequestTarget.ReasoningDetails) is not null:
                    return true;
            }
        }
        return false;
    }

    private readonly void Write()
    {
        output.Write("{\"model\":"u8);
        WriteString(target.Model);
        foreach (var given in scan.Members)
            if (given.SaysSomething) WriteMember(given);
        WriteReasoning();
        if (scan.ServiceTier is { } tier && Begin(RequestParameters.ServiceTier, Members.ServiceTier.Name)) WriteString(tier);
        WriteUser();
        if (target.Stream) output.Write(",\"stream\":true"u8);
        if (target.Stream && target.Endpoint.Provider.AcceptsStreamOptions) output.Write(",\"stream_options\":{\"include_usage\":true}"u8);
        output.Write("}"u8);
    }

    private readonly void WriteMember(ScannedMember given)
    {
        var member = (OpenAIChatMember)given.Member;
        if (!member.IsCopied || (member.Needs is { } needed && !target.Accepts(needed.Parameter))) return;
        if (!Begin(member.ParameterOf?.Invoke(scan) ?? member.Parameter, member.SentAs ?? given.Name)) return;
        var isLone = member.MayBeLone && body[given.Start] == (byte)'"';
        if (isLone) output.Write("["u8);
        Copy(given);
        if (isLone) output.Write("]"u8);
    }

    private readonly void WriteReasoning()
    {
        if (OpenAIChatRequestReasoning.IsSentAsObject(scan.Reasoning, scan.MaxOutputTokens, target, dropped, out var effort))
        {
            output.Write(",\"reasoning\":"u8);
            using var json = new Utf8JsonWriter(output, OpenAIChatRequestWriter.JsonOptions);
            OpenAIChatRequestReasoning.WriteObject(json, scan.Reasoning!);
        }
        else if (effort is not null)
        {
            WriteName(target.NameOf(Members.ReasoningEffort.Name));
            WriteString(effort);
        }
    }

    private readonly void WriteUser()
    {
        if (scan.User is null || !Begin(Members.User.Parameter, Members.User.Name)) return;
        Span<byte> hashed = stackalloc byte[OpenAIChatRequestTarget.HashedUserLength];
        OpenAIChatRequestTarget.HashUser(scan.User, hashed);
        output.Write("\""u8);
        output.Write(hashed);
        output.Write("\""u8);
    }

    private readonly void Copy(ScannedMember given)
    {
        var rules = new EditRules(target.Accepts(RequestParameters.CacheControl));
        RequestEdits.Copy(body, given.Start, given.End, scan.Edits, ref rules, output);
        if (rules.HasDroppedMarker) dropped.AddOnce(Members.CacheControl.Name);
    }

    private readonly bool Begin(RequestParameters parameter, string name)
    {
        if (!target.Takes(parameter, name, dropped)) return false;
        WriteName(target.NameOf(name));
        return true;
    }

    private readonly void WriteName(string name)
    {
        output.Write(","u8);
        WriteString(name);
        output.Write(":"u8);
    }

    private readonly void WriteString(string text)
    {
        output.Write("\""u8);
        if (text.AsSpan().ContainsAnyExcept(PlainCharacters))
            output.Write(JsonEncodedText.Encode(text, OpenAIChatRequestWriter.JsonOptions.Encoder).EncodedUtf8Bytes);
        else output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
        output.Write("\""u8);
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

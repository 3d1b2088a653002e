using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Validation;
using Members = EdgeRouter.Dialects.OpenAIChat.Caller.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.PassThrough;

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
        if (target.OptInNameOf(OpenAIChatRequestTarget.ReasoningText) is not null && scan.TryGet(Members.Messages, out var messages)
            && messages.Facts.HasToolCalls)
            return true;
        foreach (var edit in scan.Edits)
        {
            switch (edit.Kind)
            {
                case RequestEditKind.CacheBreakpoint:
                    return true;
                // The structured form alone may become the plain one.
                case RequestEditKind.Reasoning or RequestEditKind.ReasoningDetails when target.OptInNameOf(OpenAIChatRequestTarget.ReasoningText) is not null:
                case RequestEditKind.ReasoningDetails when target.OptInNameOf(OpenAIChatRequestTarget.ReasoningDetails) is not null:
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
        var member = given.Member;
        if (ReferenceEquals(member, Members.Messages))
        {
            output.Write(",\"messages\":"u8);
            Copy(given);
        }
        if (member.Audience != MemberAudience.Provider) return;
        if (ReferenceEquals(member, Members.MaxTokens) && scan.TryGet(Members.MaxCompletionTokens, out _)) return;
        var needsTools = ReferenceEquals(member, Members.ToolChoice) || ReferenceEquals(member, Members.ParallelToolCalls);
        if (needsTools && !target.Accepts(RequestParameters.Tools)) return;
        var isFormat = ReferenceEquals(member, Members.ResponseFormat);
        var parameter = isFormat ? OpenAIChatRequestTarget.FormatParameter(scan.HasSchema) : member.Parameter;
        var name = ReferenceEquals(member, Members.MaxCompletionTokens) ? Members.MaxTokens.Name : given.Name;
        if (!Begin(parameter, name)) return;
        var isLoneStop = ReferenceEquals(member, Members.Stop) && body[given.Start] == (byte)'"';
        if (isLoneStop) output.Write("["u8);
        Copy(given);
        if (isLoneStop) output.Write("]"u8);
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
        var keepsMarkers = target.Accepts(RequestParameters.CacheControl);
        if (!RequestEdits.Copy(body, given.Start, given.End, scan.Edits, keepsMarkers, output)) dropped.AddOnce(Members.CacheControl.Name);
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
}

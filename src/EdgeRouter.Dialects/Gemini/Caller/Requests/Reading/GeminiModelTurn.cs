using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire.Requests;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Reading;

/// <summary>
/// Puts a turn of the model's together. Texts in a row are one text, and thoughts in a row are one thought until a signature ends it: a stream brings both in
/// pieces. Not thread-safe.
/// </summary>
internal sealed class GeminiModelTurn
{
    private JoinedText text;
    private JoinedText thought;
    private GeminiOrigin began;
    private int thoughts;

    /// <summary>Its parts, in order.</summary>
    public List<ContentPart> Parts { get; } = [];

    /// <summary>Where each stands.</summary>
    public List<GeminiOrigin> Places { get; } = [];

    /// <summary>Adds a part of the body.</summary>
    public void Add(JsonElement part, GeminiCallIds ids, GeminiOrigin origin)
    {
        var signature = part.Text(Keys.ThoughtSignature);
        if (signature is "" or GeminiSignatures.Substitute) signature = null;
        var said = part.Text(Keys.Text);
        if (said is not null && part.Member(Keys.Thought)?.GetBoolean() == true)
        {
            AddThought(said, signature, origin);
            return;
        }
        if (said is not null) AddText(said, origin);
        else if (part.Member(Keys.FunctionCall) is { } call) AddCall(call, ref signature, ids, origin);
        else if (GeminiMediaReader.ReadGenerated(part) is { } image) AddWhole(image, origin);
        if (signature is not null) AddWhole(GeminiThoughtSignature.Read(signature, null), origin);
    }

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        if (text.Value is { Length: > 0 } said) Put(new TextPart(said), began);
        text = default;
        if (thought.Value is { Length: > 0 } unsigned) Put(new ReasoningPart(ReasoningKind.Plain) { Text = unsigned }, began);
        thought = default;
    }

    private void AddText(string said, GeminiOrigin origin)
    {
        if (text.IsNone)
        {
            End();
            began = origin;
        }
        text.Add(said);
    }

    private void AddThought(string said, string? signature, GeminiOrigin origin)
    {
        if (thought.IsNone)
        {
            End();
            began = origin;
        }
        if (signature is null)
        {
            thought.Add(said);
            return;
        }
        var signed = GeminiThoughtSignature.Read(signature, thought.Value + said);
        if (signed.Kind == ReasoningKind.Text) thought = default;
        else thought.Add(said);
        AddWhole(signed, began);
    }

    /// <summary>A call, with its signature if that is Google's; one of another provider is a part before it.</summary>
    private void AddCall(JsonElement call, ref string? signature, GeminiCallIds ids, GeminiOrigin origin)
    {
        var reasoning = signature is null ? null : GeminiThoughtSignature.Read(signature, null);
        var own = reasoning is { Format: ReasoningFormats.Gemini, Id: null } ? signature : null;
        if (reasoning is not null && own is null) AddWhole(reasoning, origin);
        signature = null;
        var name = call.Text(Keys.Name)!;
        var id = ids.Call(name, call.Text(Keys.Id));
        AddWhole(new ToolCallPart(id, name, call.Member(Keys.Args)?.GetRawText() ?? "{}") { Signature = own }, origin);
    }

    private void AddWhole(ContentPart part, GeminiOrigin origin)
    {
        End();
        Put(part, origin);
    }

    private void Put(ContentPart part, GeminiOrigin origin)
    {
        Parts.Add(part is ReasoningPart reasoning ? reasoning with { Index = thoughts++ } : part);
        Places.Add(origin);
    }
}

namespace EdgeRouter.Core.Conversation;

/// <summary>One part of a stream: its head, and what the deltas added.</summary>
internal sealed class AssembledPart(ContentPart head)
{
    private ContentPart head = head;
    private JoinedText text;
    private JoinedText readable;

    public void Add(string piece) => text.Add(piece);

    public void Add(ReasoningDelta delta)
    {
        if (delta.Block is not { } block || head is not ReasoningPart known)
        {
            text.Add(delta.Text);
            return;
        }
        readable.Add(delta.Text);
        text.Add(block.Text);
        if (block.Signature is null && block.Data is null && block.Json is null && block.Id is null) return;
        head = known with
        {
            Signature = block.Signature ?? known.Signature,
            Data = block.Data ?? known.Data,
            Json = block.Json ?? known.Json,
            Id = block.Id ?? known.Id,
            Format = known.Format ?? block.Format,
        };
    }

    public void Add(ToolCallDelta delta)
    {
        text.Add(delta.Arguments);
        if (head is not ToolCallPart call) return;
        if (delta.Name is not null) call = call with { Name = delta.Name };
        if (delta.Signature is not null) call = call with { Signature = delta.Signature };
        head = call;
    }

    public ContentPart ToPart() => head switch
    {
        _ when text.IsNone && readable.IsNone => head,
        TextPart { Text: "" } plain => plain with { Text = text.ToString() },
        RefusalPart { Text: "" } refusal => refusal with { Text = text.ToString() },
        ToolCallPart call => call with { Arguments = call.Arguments + text },
        ReasoningPart reasoning => reasoning with
        {
            Text = text.IsNone ? reasoning.Text : reasoning.Text + text,
            Readable = readable.IsNone ? reasoning.Readable : readable.ToString(),
        },
        _ => head,
    };
}

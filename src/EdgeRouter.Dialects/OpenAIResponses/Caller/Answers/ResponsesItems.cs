using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Streaming;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>How far an item has come.</summary>
internal enum ResponsesItemStatus : byte
{
    /// <summary>More of it will come.</summary>
    InProgress,

    /// <summary>It is whole.</summary>
    Completed,

    /// <summary>It was broken off.</summary>
    Incomplete,
}

/// <summary>An item of <c>output</c>, as far as it has come.</summary>
/// <param name="index">Its index.</param>
/// <param name="id">Its id.</param>
internal abstract class ResponsesItem(int index, string id)
{
    /// <summary>Its index.</summary>
    public int Index => index;

    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>How far it has come.</summary>
    public ResponsesItemStatus Status { get; set; }

    /// <summary>Writes it as it is now.</summary>
    public abstract void Write(IBufferWriter<byte> output);

    /// <summary>Writes the members that every item begins with.</summary>
    protected void Open(ReadOnlySpan<byte> type, IBufferWriter<byte> output)
    {
        output.Write("{\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"id\":"u8);
        ((JsonText)id).WriteValue(output);
    }

    /// <summary>Writes the member <c>status</c>.</summary>
    protected void WriteStatus(IBufferWriter<byte> output) => output.Write(Status switch
    {
        ResponsesItemStatus.InProgress => ",\"status\":\"in_progress\""u8,
        ResponsesItemStatus.Completed => ",\"status\":\"completed\""u8,
        _ => ",\"status\":\"incomplete\""u8,
    });

    /// <summary>Writes a list of texts.</summary>
    protected static void Write(List<ResponsesText> texts, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        for (var i = 0; i < texts.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            texts[i].Write(output);
        }
        output.Write("]"u8);
    }
}

/// <summary>What the model says.</summary>
internal sealed class ResponsesMessageItem(int index, string id) : ResponsesItem(index, id)
{
    private readonly List<ResponsesText> content = [];

    /// <summary>The text that may grow; null: none.</summary>
    public ResponsesText? Current { get; private set; }

    /// <summary>The text that citations may still come for; null: none.</summary>
    public ResponsesText? Last { get; private set; }

    /// <summary>Begins a text.</summary>
    public ResponsesText Begin(ResponsesTextKind kind)
    {
        content.Add(Last = Current = new ResponsesText(kind, content.Count));
        return Current;
    }

    /// <summary>The current text is whole, but for its citations.</summary>
    public void EndText() => Current = null;

    /// <summary>The last text is whole, with its citations.</summary>
    public void EndCited(ResponsesEvents events)
    {
        if (Last is { } last) events.EndText(this, last);
        Last = Current = null;
    }

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output)
    {
        Open("message"u8, output);
        WriteStatus(output);
        output.Write(",\"role\":\"assistant\",\"content\":"u8);
        Write(content, output);
        output.Write("}"u8);
    }
}

/// <summary>What the model thinks.</summary>
/// <param name="index">Its index.</param>
/// <param name="id">Its id.</param>
/// <param name="part">The part that it begins with.</param>
internal sealed class ResponsesReasoningItem(int index, string id, ReasoningPart part) : ResponsesItem(index, id)
{
    private readonly List<ResponsesText> content = [];
    private readonly List<ResponsesText> summary = [];

    /// <summary>Signature or opaque data; null: none.</summary>
    public string? Encrypted { get; set; }

    /// <summary>Whether another part of reasoning belongs to this item: providers of Responses divide one into several.</summary>
    public bool Takes(ReasoningPart other) => part.Id is not null && ResponsesSignature.IsOwn(part) && part.Id == other.Id && part.Format == other.Format;

    /// <summary>Begins a text.</summary>
    public ResponsesText Begin(bool isSummary)
    {
        var list = isSummary ? summary : content;
        var text = new ResponsesText(isSummary ? ResponsesTextKind.Summary : ResponsesTextKind.Reasoning, list.Count);
        list.Add(text);
        return text;
    }

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output)
    {
        Open("reasoning"u8, output);
        output.Write(",\"summary\":"u8);
        Write(summary, output);
        if (content.Count > 0)
        {
            output.Write(",\"content\":"u8);
            Write(content, output);
        }
        if (Encrypted is not null)
        {
            output.Write(",\"encrypted_content\":"u8);
            ((JsonText)Encrypted).WriteValue(output);
        }
        output.Write("}"u8);
    }
}

/// <summary>A call of one of the caller's tools.</summary>
/// <param name="index">Its index.</param>
/// <param name="id">Its id.</param>
/// <param name="callId">The id of the call.</param>
/// <param name="name">The name of the function that the model called.</param>
/// <param name="tool">The caller's tool, if that has another name or shape; null: it is a function of that name.</param>
internal sealed class ResponsesCallItem(int index, string id, string callId, string name, ResponsesTool? tool) : ResponsesItem(index, id)
{
    private readonly ArrayBufferWriter<byte> arguments = new();

    /// <summary>The id of the call.</summary>
    public string CallId => callId;

    /// <summary>The name of the caller's tool.</summary>
    public string Name => tool?.Name ?? name;

    /// <summary>Whether it is a call of a custom tool, whose input is one text.</summary>
    public bool IsCustom => tool is { IsCustom: true };

    /// <summary>The arguments so far, as the content of a JSON string; of a custom tool those of the function that stands for it, until it is whole.</summary>
    public ReadOnlySpan<byte> Arguments => arguments.WrittenSpan;

    /// <summary>A signature over the call; null: none.</summary>
    public string? Signature { get; set; }

    /// <summary>Adds a piece of the arguments, and returns its bytes.</summary>
    public ReadOnlySpan<byte> Add(string piece)
    {
        var start = arguments.WrittenCount;
        JsonStrings.Write(piece, arguments);
        return arguments.WrittenSpan[start..];
    }

    /// <summary>Replaces the arguments of the function by the input of the custom tool that it stands for. What is no such object stays as it is.</summary>
    public void Unwrap()
    {
        var input = ResponsesCustomInput.Of(JsonStrings.Decode(arguments.WrittenSpan));
        arguments.ResetWrittenCount();
        JsonStrings.Write(input, arguments);
    }

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output)
    {
        Open(IsCustom ? "custom_tool_call"u8 : "function_call"u8, output);
        WriteStatus(output);
        output.Write(",\"call_id\":"u8);
        ((JsonText)callId).WriteValue(output);
        output.Write(",\"name\":"u8);
        ((JsonText)Name).WriteValue(output);
        if (tool?.Namespace is { } space)
        {
            output.Write(",\"namespace\":"u8);
            ((JsonText)space).WriteValue(output);
        }
        output.Write(IsCustom ? ",\"input\":\""u8 : ",\"arguments\":\""u8);
        if (!IsCustom || Status != ResponsesItemStatus.InProgress) output.Write(Arguments);
        output.Write("\"}"u8);
    }
}

/// <summary>An image that the model made.</summary>
/// <param name="index">Its index.</param>
/// <param name="id">Its id.</param>
/// <param name="data">The image in base64.</param>
internal sealed class ResponsesImageItem(int index, string id, string data) : ResponsesItem(index, id)
{
    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output)
    {
        Open("image_generation_call"u8, output);
        WriteStatus(output);
        output.Write(",\"result\":"u8);
        ((JsonText)(Status == ResponsesItemStatus.InProgress ? null : data)).WriteValue(output);
        output.Write("}"u8);
    }
}

/// <summary>An item that the content model has no place for, as the provider wrote it.</summary>
/// <param name="index">Its index.</param>
/// <param name="json">The item, as far as it has come.</param>
internal sealed class ResponsesCopiedItem(int index, JsonElement json) : ResponsesItem(index, "")
{
    /// <summary>The item, as far as it has come.</summary>
    public JsonElement Json { get; set; } = json.Clone();

    /// <inheritdoc/>
    public override void Write(IBufferWriter<byte> output) => JsonBytes.Write(Json, output);
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;

/// <summary>
/// Reads <c>instructions</c> and the items of <c>input</c> as turns. What the model did item by item (thoughts, messages, calls) is one turn, in its order,
/// and so are the results of its calls. Not thread-safe.
/// </summary>
/// <param name="places">Receives, for each turn, where its parts stand in the body.</param>
internal sealed class ResponsesItemReader(List<IReadOnlyList<ResponsesPlace>> places)
{
    private readonly List<ChatMessage> turns = [];
    private ChatRole? role;
    private List<ContentPart> parts = [];
    private List<ResponsesPlace> from = [];
    private int thoughts;

    /// <summary>Reads all turns.</summary>
    public IReadOnlyList<ChatMessage> Read(string? instructions, JsonElement input)
    {
        if (instructions is not null) AddTurn(ChatRole.System, [new TextPart(instructions)], [new ResponsesPlace(ResponsesPlace.Instructions)]);
        if (input.ValueKind == JsonValueKind.String)
        {
            AddTurn(ChatRole.User, [new TextPart(input.GetString()!)], [new ResponsesPlace(ResponsesPlace.Input)]);
            return turns;
        }
        var index = 0;
        foreach (var item in input.EnumerateArray()) Read(item, index++);
        EndTurn();
        return turns;
    }

    private void Read(JsonElement item, int index)
    {
        switch (item.Text("type"))
        {
            case null or "message": ReadMessage(item, index); break;
            case "function_call": AddCall(item, item.Text("arguments")!, index); break;
            case "custom_tool_call": AddCall(item, Wrap(item.Text("input")!), index); break;
            case "function_call_output" or "custom_tool_call_output":
                BeginTurn(ChatRole.Tool);
                parts.Add(new ToolResultPart(item.Text("call_id")!, ResponsesContentReader.ReadOutput(item.GetProperty("output"))));
                from.Add(new ResponsesPlace(index));
                break;
            case "reasoning":
                BeginTurn(ChatRole.Assistant);
                foreach (var part in ResponsesReasoningReader.Read(item, ref thoughts)) Add(part, index);
                break;
            case "image_generation_call" when item.Text("result") is { Length: > 0 } image:
                Add(new ImagePart($"data:image/png;base64,{image}") { IsGenerated = true }, index);
                break;
        }
    }

    private void ReadMessage(JsonElement item, int index)
    {
        var speaker = item.Text("role") switch
        {
            "assistant" => ChatRole.Assistant,
            "system" => ChatRole.System,
            "developer" => ChatRole.Developer,
            _ => ChatRole.User,
        };
        if (speaker != ChatRole.Assistant) EndTurn();
        BeginTurn(speaker);
        var content = item.Member("content");
        if (content is { ValueKind: JsonValueKind.Array } given)
        {
            var position = 0;
            foreach (var part in given.EnumerateArray())
            {
                if (ResponsesContentReader.Read(part) is { } read)
                {
                    parts.Add(read);
                    from.Add(new ResponsesPlace(index, position));
                }
                position++;
            }
        }
        else if (content?.GetString() is { } text)
        {
            parts.Add(new TextPart(text));
            from.Add(new ResponsesPlace(index));
        }
        if (speaker == ChatRole.Assistant) return;
        if (from.Count == 0) from.Add(new ResponsesPlace(index));
        EndTurn(mayBeEmpty: true);
    }

    private void AddCall(JsonElement item, string arguments, int index) =>
        Add(new ToolCallPart(item.Text("call_id")!, ResponsesTool.NameOf(item.Text("namespace"), item.Text("name")!), arguments), index);

    private void Add(ContentPart part, int index)
    {
        BeginTurn(ChatRole.Assistant);
        parts.Add(part);
        from.Add(new ResponsesPlace(index));
    }

    private void BeginTurn(ChatRole next)
    {
        if (role == next) return;
        EndTurn();
        role = next;
    }

    private void EndTurn(bool mayBeEmpty = false)
    {
        if (role is { } speaker && (parts.Count > 0 || mayBeEmpty)) AddTurn(speaker, parts, from);
        (role, parts, from, thoughts) = (null, [], [], 0);
    }

    private void AddTurn(ChatRole speaker, IReadOnlyList<ContentPart> content, IReadOnlyList<ResponsesPlace> origin)
    {
        turns.Add(new ChatMessage { Role = speaker, Content = content });
        places.Add(origin);
    }

    /// <summary>The input of a custom tool as the arguments of a function.</summary>
    private static string Wrap(string input)
    {
        var output = new ArrayBufferWriter<byte>(input.Length + 16);
        output.Write("{\"input\":"u8);
        ((JsonText)input).WriteValue(output);
        output.Write("}"u8);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>The body of an answer that is not streamed: written when the script has ended. Not thread-safe.</summary>
internal sealed class ScriptedWholeBody(ConversationRequest request, AnswerHeader header) : IScriptedBody
{
    private readonly ResponseAssembler assembler = new();

    /// <inheritdoc/>
    public string MediaType => "application/json";

    /// <inheritdoc/>
    public void Add(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        assembler.Add(streamEvent);
        if (assembler.Completed) Write(output);
    }

    /// <inheritdoc/>
    public Exception? Break(ScriptedFault fault, IBufferWriter<byte> output)
    {
        if (fault == ScriptedFault.Error)
        {
            output.Write(ScriptedErrors.Midstream.ToJson());
            return null;
        }
        var whole = new ArrayBufferWriter<byte>();
        Write(whole);
        output.Write(whole.WrittenSpan[..(whole.WrittenCount / 2)]);
        return fault switch
        {
            ScriptedFault.Truncated => new HttpIOException(HttpRequestError.ResponseEnded),
            ScriptedFault.Reset => ScriptedErrors.ConnectionReset(),
            _ => null,
        };
    }

    private void Write(IBufferWriter<byte> output)
    {
        var response = assembler.ToResponse();
        if (response.Usage is { } usage)
        {
            request.WriteResponse(response, header, UsageReport.Unknown with { Usage = usage }, output);
            return;
        }
        // The writer always writes a usage.
        var written = new ArrayBufferWriter<byte>();
        request.WriteResponse(response, header, UsageReport.Unknown, written);
        var json = JsonNode.Parse(written.WrittenSpan)!.AsObject();
        json.Remove("usage");
        using var writer = new Utf8JsonWriter(output);
        json.WriteTo(writer);
    }
}

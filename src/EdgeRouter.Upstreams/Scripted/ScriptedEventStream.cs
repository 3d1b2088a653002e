using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Canonical;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>The body of a streamed answer: one server-sent event for each event of the script. Not thread-safe.</summary>
internal sealed class ScriptedEventStream(ICallerStreamWriter writer) : IScriptedBody
{
    private UsageReport? usage;

    /// <inheritdoc/>
    public string MediaType => "text/event-stream";

    /// <inheritdoc/>
    public void Add(StreamEvent streamEvent, IBufferWriter<byte> output)
    {
        switch (streamEvent)
        {
            case UsageReported report:
                usage = UsageReport.Unknown with { Usage = report.Usage };
                break;
            case StreamCompleted when usage is null:
                output.Write("data: [DONE]\n\n"u8);
                break;
            case StreamCompleted:
                writer.Complete(usage, output);
                break;
            default:
                writer.Write(streamEvent, output);
                break;
        }
    }

    /// <inheritdoc/>
    public Exception? Break(ScriptedFault fault, IBufferWriter<byte> output)
    {
        switch (fault)
        {
            case ScriptedFault.Malformed:
                output.Write("data: {\"choices\":[{\"delta\":\n\n"u8);
                return null;
            case ScriptedFault.Error:
                output.Write("data: "u8);
                output.Write(ScriptedErrors.Midstream.ToJson());
                output.Write("\n\n"u8);
                return null;
            case ScriptedFault.Reset:
                return ScriptedErrors.ConnectionReset();
            default:
                return null;
        }
    }
}

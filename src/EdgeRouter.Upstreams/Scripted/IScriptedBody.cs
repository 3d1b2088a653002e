using System.Buffers;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>Turns the events of a script into the bytes of one answer. Not thread-safe.</summary>
internal interface IScriptedBody
{
    /// <summary>Media type of the body.</summary>
    string MediaType { get; }

    /// <summary>Adds an event, and writes what can be sent now.</summary>
    void Add(StreamEvent streamEvent, IBufferWriter<byte> output);

    /// <summary>Writes the last bytes of an answer that breaks. Returns what the connection throws after them; null: it closes cleanly.</summary>
    Exception? Break(ScriptedFault fault, IBufferWriter<byte> output);
}

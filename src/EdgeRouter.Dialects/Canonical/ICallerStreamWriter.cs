using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;

namespace EdgeRouter.Dialects.Canonical;

/// <summary>Writes canonical events as one stream of a caller API, whole events only. Not thread-safe.</summary>
public interface ICallerStreamWriter
{
    /// <summary>Writes what the event means in this API; usage and completion are only noted.</summary>
    void Write(StreamEvent streamEvent, IBufferWriter<byte> output);

    /// <summary>Ends a good stream: final usage, then the terminator.</summary>
    void Complete(UsageReport usage, IBufferWriter<byte> output);

    /// <summary>Ends a broken stream: an in-band error event, usage so far, and no clean terminator.</summary>
    void Fail(RouterError error, UsageReport usage, IBufferWriter<byte> output);
}

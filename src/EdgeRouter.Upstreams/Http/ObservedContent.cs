using System.Net;
using System.Runtime.InteropServices;

namespace EdgeRouter.Upstreams.Http;

/// <summary>
/// The body of a request, which reports when it goes out. Derived from the framework's content of bytes because only that is known to be sent before the
/// answer is returned: the body's memory is used again afterwards.
/// </summary>
internal sealed class ObservedContent : ByteArrayContent
{
    private readonly ISendObserver? observer;

    private ObservedContent(ArraySegment<byte> body, ISendObserver? observer)
        : base(body.Array!, body.Offset, body.Count) => this.observer = observer;

    public static ObservedContent Of(ReadOnlyMemory<byte> body, ISendObserver? observer) =>
        new(MemoryMarshal.TryGetArray(body, out var segment) && segment.Array is not null ? segment : new ArraySegment<byte>(body.ToArray()), observer);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        observer?.Sending();
        // Cancelling the request closes its connection, or resets its stream, so the write needs no token.
        return base.SerializeToStreamAsync(stream, context);
    }
}

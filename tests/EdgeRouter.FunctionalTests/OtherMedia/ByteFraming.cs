using EdgeRouter.Dialects.Framing;

namespace EdgeRouter.FunctionalTests.OtherMedia;

/// <summary>No frames: bytes as they come, then a frame that says that the connection ended in order.</summary>
internal sealed class ByteFraming : IStreamFraming
{
    public static ReadOnlySpan<byte> End => "end"u8;

    public string MediaType => "audio/*";

    public bool Matches(string? contentType) => contentType?.StartsWith("audio/", StringComparison.Ordinal) == true;

    public IFrameReader CreateReader(int maxFrameBytes) => new Reader();

    private sealed class Reader : IFrameReader
    {
        private ReadOnlyMemory<byte> bytes;
        private bool endsNow;

        public void Append(ReadOnlyMemory<byte> more) => bytes = more;

        public void Complete() => endsNow = true;

        public bool TryRead(out StreamFrame frame)
        {
            frame = endsNow ? new StreamFrame(End.ToArray(), default) : new StreamFrame(default, bytes);
            var isThere = endsNow || !bytes.IsEmpty;
            (bytes, endsNow) = (default, false);
            return isThere;
        }

        public void Dispose() => bytes = default;
    }
}

namespace EdgeRouter.Upstreams.Media;

/// <summary>Writes <c>data:</c> URLs.</summary>
internal static class DataUrl
{
    /// <summary>The bytes in base64, in one allocation of the final length.</summary>
    public static string Make(string mediaType, ReadOnlyMemory<byte> bytes)
    {
        var head = $"data:{mediaType};base64,";
        return string.Create(head.Length + (bytes.Length + 2) / 3 * 4, (head, bytes), static (chars, state) =>
        {
            state.head.CopyTo(chars);
            Convert.TryToBase64Chars(state.bytes.Span, chars[state.head.Length..], out _);
        });
    }
}

using System.Text;

namespace EdgeRouter.Dialects.Answers;

/// <summary>Where a streamed answer broke off: what the caller has of it. Immutable.</summary>
/// <param name="Text">Text of the answer so far; not empty.</param>
/// <param name="OutputTokens">Tokens of the answer so far, as counted.</param>
/// <param name="Bytes">UTF-8 bytes of the text.</param>
public sealed record ResumePoint(string Text, long OutputTokens, int Bytes)
{
    /// <summary>The point after a text. Its tokens are estimated at 4 bytes each.</summary>
    public static ResumePoint After(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        return new ResumePoint(text, (bytes + 3L) / 4, bytes);
    }
}

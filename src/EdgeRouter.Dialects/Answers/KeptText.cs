using System.Text;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.Answers;

/// <summary>The text of a streamed answer so far, kept so that another provider can continue it if this one fails. Bounded. Not thread-safe.</summary>
public sealed class KeptText
{
    /// <summary>Most characters kept; a longer answer cannot be continued.</summary>
    public const int Most = 1024 * 1024;

    private readonly StringBuilder text;

    /// <summary>Starts with what earlier providers sent.</summary>
    public KeptText(string before) => text = new StringBuilder(before);

    /// <summary>Whether the answer cannot be continued: it holds something other than text (a refusal, an image, audio), or too much text.</summary>
    public bool IsSpoiled { get; private set; }

    /// <summary>Adds text.</summary>
    public void Append(string more)
    {
        if (text.Length + more.Length > Most) IsSpoiled = true;
        else text.Append(more);
    }

    /// <summary>The answer holds something other than text.</summary>
    public void Spoil() => IsSpoiled = true;

    /// <summary>The text.</summary>
    public override string ToString() => text.ToString();

    /// <summary>Adds the content of a JSON string as it stood in valid JSON.</summary>
    internal void AppendRaw(ReadOnlySpan<byte> raw)
    {
        if (!IsSpoiled) Append(JsonStrings.Decode(raw));
    }
}

using EdgeRouter.Dialects.Completions.Requests;

namespace EdgeRouter.Dialects.Completions.Wire;

/// <summary>
/// What of an answer's texts is the prompt said again (<c>echo</c>), which was not generated. Choices come prompt by prompt. Not thread-safe; one for
/// each answer.
/// </summary>
internal sealed class EchoedPrompts
{
    private readonly int[] left;

    private EchoedPrompts(int[] left) => this.left = left;

    /// <summary>Those of the answer to a request; null: it asks for no echo.</summary>
    public static EchoedPrompts? Of(CompletionScan scan)
    {
        if (!scan.Echo || scan.Prompt is not { } prompt) return null;
        var perPrompt = scan.ChoiceCount / prompt.Count;
        var bytes = new int[scan.ChoiceCount];
        for (var choice = 0; choice < bytes.Length; choice++) bytes[choice] = prompt.Bytes[choice / perPrompt];
        return new EchoedPrompts(bytes);
    }

    /// <summary>How many of a choice's next bytes were generated.</summary>
    public int CountGenerated(int choice, int bytes)
    {
        if ((uint)choice >= (uint)left.Length) return bytes;
        var echoed = Math.Min(bytes, left[choice]);
        left[choice] -= echoed;
        return bytes - echoed;
    }
}

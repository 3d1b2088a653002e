namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>What has been seen of one candidate of an answer.</summary>
internal sealed class GeminiCandidate(int index)
{
    private int reasoningBlocks;
    private int? openReasoning;

    public int Index { get; } = index;

    /// <summary>Function calls so far.</summary>
    public int Calls { get; set; }

    /// <summary>Sources of the grounding list that were already told; the list may come again, longer.</summary>
    public int Citations { get; set; }

    public bool Finished { get; set; }

    /// <summary>Index of the reasoning text block that goes on, or of a new one.</summary>
    public int ContinueReasoning() => openReasoning ??= reasoningBlocks++;

    /// <summary>Ends the reasoning text block, if one is open.</summary>
    public void EndReasoning() => openReasoning = null;

    /// <summary>Index for a reasoning block that comes in one piece.</summary>
    public int NewReasoning()
    {
        EndReasoning();
        return reasoningBlocks++;
    }
}

using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Gateway.Attempts;

/// <summary>What an attempt sends, and what it needs to read the answer.</summary>
/// <param name="Request">The caller's request.</param>
/// <param name="Header">The first members of the answer.</param>
/// <param name="ResumeFrom">Where the stream that the attempt continues ended; null: it starts the answer.</param>
/// <param name="KeepsText">Whether the text of the answer is kept, so that another endpoint can continue it.</param>
/// <param name="Media">The request's images and files.</param>
/// <param name="EmptyAnswers">Decides about an answer without content.</param>
internal readonly record struct AttemptInput(CallerRequest Request, AnswerHeader Header, ResumePoint? ResumeFrom, bool KeepsText,
    IMediaInliner Media, IEmptyAnswers EmptyAnswers)
{
    /// <summary>Sets what is collected of a streamed answer.</summary>
    public void Prepare(StreamProgress progress)
    {
        progress.IsContinuation = ResumeFrom is not null;
        if (KeepsText) progress.Kept = new KeptText(ResumeFrom?.Text ?? "");
    }
}

using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Embeddings.Caller.Answers;

/// <summary>Compares an answer with what was asked for. Pure.</summary>
internal static class EmbeddingAnswerCheck
{
    /// <summary>Whether there is a vector with a number in it. An answer without is empty, whatever its length.</summary>
    public static bool HasContent(EmbeddingAnswer answer)
    {
        for (var i = 0; i < answer.Vectors.Count; i++)
            if (answer.Vectors[i].Length > 0) return true;
        return false;
    }

    /// <summary>Checks an answer that is not empty.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="inputs">How many inputs were given.</param>
    /// <param name="dimensions">Length that each vector shall have; null: any, but the same for all.</param>
    /// <exception cref="UpstreamMismatchException">It has another number of vectors, or vectors of another length.</exception>
    public static void Check(EmbeddingAnswer answer, int inputs, int? dimensions)
    {
        if (!HasContent(answer)) return;
        var vectors = answer.Vectors;
        if (vectors.Count != inputs) throw new UpstreamMismatchException($"The answer has {vectors.Count} embeddings for {inputs} inputs.");
        var length = dimensions ?? vectors[0].Length;
        for (var i = 0; i < vectors.Count; i++)
            if (vectors[i].Length != length) throw new UpstreamMismatchException($"An embedding has {vectors[i].Length} dimensions, expected {length}.");
    }
}

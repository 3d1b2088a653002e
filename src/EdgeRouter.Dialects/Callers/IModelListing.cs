using System.Buffers;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Callers;

/// <summary>
/// How a caller API shows models, where its clients ask for them at the paths of OpenAI's and OpenRouter's clients and expect another shape. Pure;
/// thread-safe.
/// </summary>
public interface IModelListing
{
    /// <summary>Whether a request comes from a client of this API.</summary>
    bool IsAsked(IRequestHead head);

    /// <summary>Writes one model.</summary>
    void WriteModel(Model model, IBufferWriter<byte> output);

    /// <summary>Writes a page of the list.</summary>
    /// <param name="models">All models, the newest first.</param>
    /// <param name="head">Its query says which page.</param>
    /// <param name="output">Receives the page.</param>
    /// <exception cref="RouterException">400 naming the parameter of the query.</exception>
    void WriteList(IReadOnlyList<Model> models, IRequestHead head, IBufferWriter<byte> output);
}

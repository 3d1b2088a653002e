using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Wires;

/// <summary>Fetches the URLs of a conversation that a wire cannot carry, and puts their content in their place. Thread-safe.</summary>
public interface IMediaInliner
{
    /// <summary>Fetches every part for which <see cref="IConversationWire.NeedsInlineData"/> holds.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wire">The wire on which it will be written.</param>
    /// <param name="fields">Spells the caller's fields, for errors.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The request to write, the same one if nothing had to be fetched; or a 400 that names the first part at fault.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, IRequestFields fields,
        CancellationToken cancellationToken);
}

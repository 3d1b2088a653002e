using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects;

/// <summary>Replaces the URLs of a conversation that a wire cannot carry by what they lead to. Thread-safe.</summary>
public interface IMediaInliner
{
    /// <summary>Fetches every part for which <see cref="IConversationWire.NeedsInlineData"/> holds.</summary>
    /// <returns>The request to write, the same one if nothing had to be fetched; or a 400 that names the first part at fault.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, CancellationToken cancellationToken);
}

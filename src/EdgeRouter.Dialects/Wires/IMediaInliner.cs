using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.Wires;

/// <summary>Fetches the URLs of a conversation that a wire cannot carry, and puts their content in their place. Thread-safe.</summary>
public interface IMediaInliner
{
    /// <summary>
    /// Whether URLs must not be passed on to a provider, because it could fetch what callers must not reach: every URL of a request to it is fetched here
    /// instead.
    /// </summary>
    bool KeepsUrlsFrom(Provider provider);

    /// <summary>Fetches every part for which <see cref="IConversationWire.NeedsInlineData"/> or <see cref="KeepsUrlsFrom"/> holds.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wire">The wire on which it will be written.</param>
    /// <param name="provider">The provider that it goes to.</param>
    /// <param name="fields">Spells the caller's fields, for errors.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The request to write, the same one if nothing had to be fetched; or a 400 that names the first part at fault.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, Provider provider,
        IRequestFields fields, CancellationToken cancellationToken);
}

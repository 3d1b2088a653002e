using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Tests;

/// <summary>Must not be asked: the exchange under test does not need the content model.</summary>
internal sealed class NoMedia : IMediaInliner
{
    public static readonly NoMedia Instance = new();

    public bool KeepsUrlsFrom(Provider provider) => false;

    public ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, Provider provider,
        IRequestFields fields, CancellationToken cancellationToken) => throw new InvalidOperationException("The request was read in full.");
}

using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Tests;

/// <summary>Fetches nothing, and notes for which requests it was asked.</summary>
internal sealed class NoFetches(bool keepsUrls = false) : IMediaInliner
{
    public static readonly NoFetches Instance = new();

    public int Asked { get; private set; }

    public bool KeepsUrlsFrom(Provider provider) => keepsUrls;

    public ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, Provider provider,
        IRequestFields fields, CancellationToken cancellationToken)
    {
        Asked++;
        return new((request, null));
    }
}

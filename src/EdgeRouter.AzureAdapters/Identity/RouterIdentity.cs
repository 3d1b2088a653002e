using Azure.Core;
using Azure.Identity;

namespace EdgeRouter.AzureAdapters.Identity;

/// <summary>Who the router is to Azure.</summary>
public static class RouterIdentity
{
    /// <summary>
    /// With a client id (setting <c>EdgeRouter__Azure__ClientId</c>) that user-assigned managed identity and nothing else, which is also the quickest to start.
    /// Without one, whatever the machine offers: the developer's sign-in, a workload identity, a system-assigned identity. No request is sent yet.
    /// Thread-safe; caches tokens.
    /// </summary>
    public static TokenCredential Credential(string? clientId) => string.IsNullOrWhiteSpace(clientId)
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
}

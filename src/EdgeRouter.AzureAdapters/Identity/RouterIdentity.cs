using Azure.Core;
using Azure.Identity;

namespace EdgeRouter.AzureAdapters.Identity;

/// <summary>The identity that the router uses on Azure.</summary>
public static class RouterIdentity
{
    /// <summary>
    /// With a client id (setting <c>EdgeRouter__Azure__ClientId</c>) only that user-assigned managed identity, which also starts fastest. Without
    /// one, the machine's default identity: the developer's sign-in, a workload identity, a system-assigned identity. No request is sent yet.
    /// Thread-safe; caches tokens.
    /// </summary>
    public static TokenCredential Credential(string? clientId) => string.IsNullOrWhiteSpace(clientId)
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
}

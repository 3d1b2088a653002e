namespace Azure.Core
{
    /// <summary>Stands in for Azure.Core's. A stand-in service accepts any.</summary>
    public abstract class TokenCredential;
}

namespace Azure.Identity
{
    /// <summary>Identity of the app that runs in Azure.</summary>
    public class ManagedIdentityCredential(ManagedIdentityId id) : Azure.Core.TokenCredential
    {
        /// <summary>Not in the package: lets tests see which identity was chosen.</summary>
        public ManagedIdentityId Id { get; } = id;
    }

    /// <summary>Which identity of the app.</summary>
    public class ManagedIdentityId
    {
        private readonly string clientId;

        private ManagedIdentityId(string clientId) => this.clientId = clientId;

        public static ManagedIdentityId FromUserAssignedClientId(string id) => new(id);

        public override string ToString() => clientId;
    }

    /// <summary>Whoever is signed in on this machine.</summary>
    public class DefaultAzureCredential : Azure.Core.TokenCredential;
}

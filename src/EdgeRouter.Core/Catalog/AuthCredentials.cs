namespace EdgeRouter.Core.Catalog;

/// <summary>Names of what the authentication schemes need beside, or in place of, a key: <see cref="Provider.Credentials"/>.</summary>
public static class AuthCredentials
{
    /// <summary><see cref="AuthSchemes.SigV4"/>: id of the access key.</summary>
    public const string AccessKeyId = "access_key_id";

    /// <summary><see cref="AuthSchemes.SigV4"/>: the access key.</summary>
    public const string SecretAccessKey = "secret_access_key";

    /// <summary><see cref="AuthSchemes.SigV4"/>: token of a session, where the access key is of one.</summary>
    public const string SessionToken = "session_token";

    /// <summary><see cref="AuthSchemes.SigV4"/>: the service that is called, as signatures name it.</summary>
    public const string Service = "service";

    /// <summary><see cref="AuthSchemes.Google"/>: the JSON of a service account or of a workload identity.</summary>
    public const string ServiceAccount = "service_account";

    /// <summary><see cref="AuthSchemes.Google"/>: path of a file with that JSON.</summary>
    public const string ServiceAccountFile = "service_account_file";

    /// <summary><see cref="AuthSchemes.Entra"/>: what the token is for, such as <c>https://resource/.default</c>; not given: model services of Azure.</summary>
    public const string Scope = "scope";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [AccessKeyId, SecretAccessKey, SessionToken, Service, ServiceAccount, ServiceAccountFile, Scope];

    /// <summary>Whether a scheme can authenticate with these alone, without a key and without the identity of the machine.</summary>
    public static bool Suffice(string auth, IReadOnlyDictionary<string, string> given) => auth switch
    {
        AuthSchemes.SigV4 => given.ContainsKey(AccessKeyId) && given.ContainsKey(SecretAccessKey),
        AuthSchemes.Google => given.ContainsKey(ServiceAccount) || given.ContainsKey(ServiceAccountFile),
        _ => false,
    };
}

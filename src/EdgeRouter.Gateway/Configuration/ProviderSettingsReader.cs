using EdgeRouter.Core.Catalog;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>Reads <c>EdgeRouter__Providers__&lt;slug&gt;__...</c>.</summary>
internal static class ProviderSettingsReader
{
    public static IReadOnlyDictionary<string, ProviderSettings> Read(SettingsReader reader)
    {
        reader.Declare("Providers:<slug>:ApiKey", "the provider's API key; alternatively the environment variable that its row names in `env`");
        reader.Declare("Providers:<slug>:BaseUrl", "base URL instead of the provider table's", "provider table");
        reader.Declare("Providers:<slug>:Dialect", "wire format; see [values](#values-of-dialect-and-auth)", "provider table");
        reader.Declare("Providers:<slug>:Auth", "authentication scheme; see [values](#values-of-dialect-and-auth)", "provider table");
        reader.Declare("Providers:<slug>:Name", "display name", "provider table");
        reader.Declare("Providers:<slug>:Enabled", "`false` disables a provider; `true` enables a local server of the provider table at its default base URL, "
            + "or a provider of `entra` or `google` with the identity of the machine",
            "enabled when it has a key, or a base URL from a setting or a catalog file", "true, false");
        reader.Declare("Providers:<slug>:Query", "query string added to every request", "provider table");
        reader.Declare("Providers:<slug>:Variables:<name>", "value of a placeholder in the base URL, such as `resource` or `account_id`", "provider table");
        reader.Declare("Providers:<slug>:Credentials:<name>", "what the authentication scheme needs beside a key: `AccessKeyId`, `SecretAccessKey` and "
            + "`SessionToken` of `sigv4`, `ServiceAccount` (JSON) or `ServiceAccountFile` of `google`, `Scope` of `entra`", "the variables that its row names");
        reader.Declare("Providers:<slug>:Headers:<name>", "header sent with every request", "provider table");
        var providers = new Dictionary<string, ProviderSettings>(StringComparer.OrdinalIgnoreCase);
        foreach (var child in reader.Children("Providers"))
        {
            var enabled = Text(child, "Enabled");
            if (enabled is not null && !bool.TryParse(enabled, out _)) reader.Fault($"Providers:{child.Key}:Enabled", "expected true or false");
            providers[child.Key] = new ProviderSettings
            {
                ApiKey = Text(child, "ApiKey"),
                BaseUrl = Text(child, "BaseUrl"),
                Dialect = Text(child, "Dialect"),
                Auth = Text(child, "Auth"),
                Name = Text(child, "Name"),
                Enabled = bool.TryParse(enabled, out var flag) ? flag : null,
                Query = Text(child, "Query"),
                Variables = Pairs(child.GetSection("Variables")),
                Credentials = Pairs(child.GetSection("Credentials")),
                Headers = Pairs(child.GetSection("Headers")),
            };
        }
        return providers;
    }

    private static string? Text(IConfigurationSection section, string name) => section[name] is { Length: > 0 } value ? value : null;

    private static Dictionary<string, string> Pairs(IConfigurationSection section)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
            if (child.Value is { } value) pairs[child.Key] = value;
        return pairs;
    }
}

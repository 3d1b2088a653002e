using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Upstreams.Auth;
using EdgeRouter.Upstreams.Http;
using EdgeRouter.Upstreams.Providers;
using EdgeRouter.Upstreams.Scripted;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// The catalog of the provider table, the built-in files, the operator's files and settings. Providers that are configured and cannot be called are
/// faults.
/// </summary>
/// <param name="settings">The settings.</param>
/// <param name="files">The operator's files.</param>
/// <param name="wires">The wires that providers may speak.</param>
/// <param name="authSchemes">The authentication schemes that providers may name.</param>
/// <param name="scriptedByDefault">Whether the scripted provider serves when no setting decides it.</param>
/// <param name="environmentVariable">Looks up the providers' customary variables.</param>
internal sealed class ConfiguredCatalog(RouterSettings settings, CatalogFileSet files, ProviderWires wires, UpstreamAuthSchemes authSchemes,
    bool scriptedByDefault, Func<string, string?> environmentVariable) : ICatalogSource
{
    public CatalogSources Read() => new()
    {
        Providers = ProviderTable.Read(),
        Documents = [.. BuiltInCatalog.ReadDocuments(), .. files.Files.Select(static file => file.Read())],
        Settings = Switched(settings.Providers, ScriptedHandler.Slug, settings.Scripted ?? scriptedByDefault),
        EnvironmentVariable = environmentVariable,
        AllowPlainHttp = settings.Upstreams.AllowPlainHttp,
        Wires = [.. wires.All.Select(wire => wire.Name)],
        AuthSchemes = authSchemes.Names,
    };

    public void Check(CatalogSnapshot snapshot)
    {
        var errors = new List<CatalogError>();
        foreach (var provider in snapshot.Providers)
            foreach (var fault in ProviderRules.FindFaults(provider, settings.Upstreams.AllowPlainHttp))
                errors.Add(new CatalogError("provider", provider.Slug, fault));
        if (errors.Count > 0) throw new CatalogException(errors);
    }

    /// <summary>The settings with a provider enabled or disabled, unless they contain it themselves.</summary>
    private static Dictionary<string, ProviderSettings> Switched(IReadOnlyDictionary<string, ProviderSettings> settings, string slug, bool enabled)
    {
        var switched = new Dictionary<string, ProviderSettings>(settings, StringComparer.OrdinalIgnoreCase);
        var given = switched.GetValueOrDefault(slug) ?? new ProviderSettings();
        switched[slug] = given with { Enabled = given.Enabled ?? enabled };
        return switched;
    }
}

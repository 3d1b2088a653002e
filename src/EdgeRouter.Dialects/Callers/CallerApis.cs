namespace EdgeRouter.Dialects.Callers;

/// <summary>The caller APIs that are served, in order of registration. Duplicate names are fatal. Immutable.</summary>
public sealed class CallerApis
{
    private readonly ICallerApi[] all;

    /// <summary>Checks the names and keeps the APIs.</summary>
    /// <exception cref="ArgumentException">There is none, or two have one name.</exception>
    public CallerApis(IEnumerable<ICallerApi> apis)
    {
        all = [.. apis];
        if (all.Length == 0) throw new ArgumentException("At least one caller API is needed.", nameof(apis));
        if (all.GroupBy(api => api.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two caller APIs are called '{twice.Key}'.", nameof(apis));
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ICallerApi> All => all;

    /// <summary>The first one. It answers requests whose path belongs to no API.</summary>
    public ICallerApi Default => all[0];

    /// <summary>The API whose client asks for models, if it expects them in a shape of its own; null: OpenAI's and OpenRouter's.</summary>
    public ICallerApi? FindListing(IRequestHead head) => Array.Find(all, api => api.ModelListing?.IsAsked(head) == true);

    /// <summary>The API of that name; null: there is none.</summary>
    public ICallerApi? Find(string name) => Array.Find(all, api => string.Equals(api.Name, name, StringComparison.Ordinal));
}

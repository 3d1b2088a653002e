namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>Values of closed vocabularies, read and checked in one step. Wrong ones are reported and given as null.</summary>
internal static class CursorVocabulary
{
    public static string? OneOf(this ref JsonCursor json, IReadOnlySet<string> names)
    {
        var text = json.Text();
        if (text is null || names.Contains(text)) return text;
        json.Report($"expected one of {string.Join(", ", names.Order(StringComparer.Ordinal))}");
        return null;
    }

    public static List<string>? ListOf(this ref JsonCursor json, IReadOnlySet<string> names)
    {
        if (!json.BeginArray()) return null;
        var list = new List<string>();
        while (json.NextElement())
            if (json.OneOf(names) is { } name && !list.Contains(name)) list.Add(name);
        return list;
    }

    public static string? Checked(this ref JsonCursor json, Func<string, bool> isValid, string expectation)
    {
        var text = json.Text();
        if (text is null || isValid(text)) return text;
        json.Report($"expected {expectation}");
        return null;
    }

    public static string? Date(this ref JsonCursor json) => json.Checked(CatalogVocabulary.IsDate, "a date: YYYY-MM-DD, YYYY-MM or YYYY");

    public static string? WebPage(this ref JsonCursor json) =>
        json.Checked(text => text.StartsWith("https://", StringComparison.Ordinal) && Uri.IsWellFormedUriString(text, UriKind.Absolute), "an https URL");

    public static RequestParameters? Parameters(this ref JsonCursor json)
    {
        if (!json.BeginArray()) return null;
        var set = RequestParameters.None;
        while (json.NextElement())
        {
            if (json.Text() is not { } name) continue;
            if (RequestParameterNames.ByName.TryGetValue(name, out var parameter)) set |= parameter;
            else json.Report($"expected a parameter's name: one of {string.Join(", ", RequestParameterNames.ByName.Keys.Order(StringComparer.Ordinal))}");
        }
        return set;
    }

    public static AssistantPrefill? Prefill(this ref JsonCursor json) => json.OneOf(CatalogVocabulary.PrefillNames) is { } name
        ? CatalogVocabulary.Prefills[name] : null;

    public static DataPolicy? DataPolicy(this ref JsonCursor json)
    {
        if (!json.BeginObject()) return null;
        bool? training = null, retains = null;
        while (json.NextMember() is { } name)
        {
            if (name is not ("training" or "retains_prompts")) json.UnknownMember("training, retains_prompts");
            else if (json.IsNull) continue;
            else if (name == "training") training = json.Boolean();
            else retains = json.Boolean();
        }
        return new DataPolicy(training, retains);
    }
}

namespace EdgeRouter.Dialects.Validation;

/// <summary>
/// A scan of a request in the format of a provider whose API has more than the content model: its own tools, and members without a place there.
/// </summary>
/// <param name="wire">The format that has them.</param>
internal abstract class NativeScan(string wire) : ScannedRequest
{
    private string? search;

    /// <summary>What was found that the content model has no place for, as the caller spells it; each once.</summary>
    public List<string> Uncarried { get; } = [];

    /// <summary>Whether tools of the caller's own are offered.</summary>
    public bool OffersOwnTools { get; set; }

    /// <summary>Whether the model is told which tool to call.</summary>
    public bool DemandsOneTool { get; set; }

    /// <summary>The request holds something that only this format has.</summary>
    public void RequireNative(string what)
    {
        RequiredWire ??= wire;
        RequiredFor ??= what;
    }

    /// <summary>
    /// A tool that the provider runs, or defines. Agents offer a search beside their tools to every model, so that alone does not make other providers
    /// ineligible; any other tool does.
    /// </summary>
    public void AddNativeTool(string type)
    {
        if (!type.StartsWith("web_search", StringComparison.Ordinal))
        {
            RequireNative($"a tool of type '{type}'");
            return;
        }
        AsksForSearch = true;
        search ??= type;
        AddUncarried("tools." + type);
    }

    /// <summary>Notes what the content model has no place for.</summary>
    public void AddUncarried(string name)
    {
        if (!Uncarried.Contains(name)) Uncarried.Add(name);
    }

    /// <summary>Decides, when all tools are known, whether a search may be left out.</summary>
    public void FinishTools()
    {
        if (search is null) return;
        if (OffersOwnTools && !DemandsOneTool) SearchWire = wire;
        else RequireNative($"a tool of type '{search}'");
    }
}

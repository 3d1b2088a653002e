using System.Text.RegularExpressions;

namespace EdgeRouter.CatalogImport.ModelsDev;

/// <summary>A provider's name of a model, taken apart.</summary>
/// <param name="Slug">Lower case, without author, region, wrapping and version tail; still with its date.</param>
/// <param name="Author">The author in the name, in models.dev's spelling; null: none.</param>
/// <param name="Region">Bedrock's inference region (<c>us</c>, <c>eu</c>, <c>global</c>, ...); null: none.</param>
internal sealed partial record ModelName(string Slug, string? Author, string? Region)
{
    /// <summary>Tails for how a provider serves the model, which do not change the model. The text is the variant in the endpoint's tag.</summary>
    private static readonly string[] ServingTails = ["fp8", "fp4", "nvfp4", "mxfp4", "int4", "int8", "bf16", "awq", "turbo", "fast", "highspeed", "tput",
        "tee", "flex", "short"];

    private static readonly string[] QuantizationTails = ["fp8", "fp4", "nvfp4", "mxfp4", "int4", "int8", "bf16"];

    public static ModelName Parse(string upstreamModel)
    {
        var text = upstreamModel.ToLowerInvariant();
        string? region = null, author = null;
        if (text.LastIndexOf('/') is >= 0 and var slash)
        {
            var before = text[..slash];
            author = before[(before.LastIndexOf('/') + 1)..];
            text = text[(slash + 1)..];
        }
        if (BedrockPrefix().Match(text) is { Success: true } prefix)
        {
            region = prefix.Groups["region"] is { Success: true } group ? group.Value : null;
            author = prefix.Groups["author"].Value;
            text = text[prefix.Length..];
        }
        text = VersionTail().Replace(text, "");
        text = PointAsP().Replace(text, ".");
        return new ModelName(text, author, region);
    }

    /// <summary>Two names with one key are spellings of one name.</summary>
    public static string Key(string slug) => NotAlphanumeric().Replace(slug.ToLowerInvariant(), "");

    /// <summary>
    /// The slug, then ever shorter forms of it: without serving tails, without date, without version, without "instruct" or "it"; then with those
    /// two.
    /// </summary>
    public IEnumerable<string> Forms()
    {
        yield return Slug;
        var bare = WithoutServingTails();
        if (bare != Slug) yield return bare;
        var undated = Date().Replace(bare, "");
        if (undated != bare) yield return undated;
        var unversioned = Date().Replace(Version().Replace(undated, ""), "");
        if (unversioned != undated) yield return unversioned;
        var plain = Instruct().Replace(unversioned, "");
        if (plain != unversioned) yield return plain;
        yield return unversioned + "-instruct";
        yield return unversioned + "-it";
    }

    /// <summary>The slug a new model gets: a quantization is of the endpoint, a word such as turbo may be of the model.</summary>
    public string NewSlug()
    {
        var slug = Slug;
        while (slug.LastIndexOf('-') is > 0 and var dash && QuantizationTails.Contains(slug[(dash + 1)..])) slug = slug[..dash];
        return NotInIds().Replace(slug, "-").Trim('-', '.', '_', ':');
    }

    /// <summary>Serving tails that the slug has and the joined model's id has not, as one variant name; null: none.</summary>
    public string? VariantAgainst(string modelId)
    {
        var tails = Slug.Split('-').Where(part => ServingTails.Contains(part) && !modelId.Split('-', '/').Contains(part)).Distinct().ToList();
        return tails.Count == 0 ? null : string.Join('-', tails);
    }

    /// <summary>The quantization in the name; null: none.</summary>
    public string? Quantization => Array.Find(QuantizationTails, tail => Slug.Split('-').Contains(tail));

    private string WithoutServingTails()
    {
        var slug = Slug;
        while (slug.LastIndexOf('-') is > 0 and var dash && ServingTails.Contains(slug[(dash + 1)..])) slug = slug[..dash];
        return slug;
    }

    [GeneratedRegex(
        @"^((?<region>us|eu|au|jp|apac|global)\.)?"
        + "(?<author>amazon|anthropic|deepseek|google|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|writer|xai|zai)"
        + @"\.(?=[a-z])",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BedrockPrefix();

    [GeneratedRegex(@"(@default|-maas|(-1)?:\d+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionTail();

    [GeneratedRegex(@"(?<=\d)p(?=\d)", RegexOptions.None, 1000)]
    private static partial Regex PointAsP();

    [GeneratedRegex("[^a-z0-9]", RegexOptions.None, 1000)]
    private static partial Regex NotAlphanumeric();

    [GeneratedRegex(@"[-@](20\d{6}|20\d\d-\d\d-\d\d|25\d\d|26\d\d)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Date();

    [GeneratedRegex(@"-v\d+$", RegexOptions.None, 1000)]
    private static partial Regex Version();

    [GeneratedRegex("-(instruct|it)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instruct();

    [GeneratedRegex("[^a-z0-9._:-]+", RegexOptions.None, 1000)]
    private static partial Regex NotInIds();
}

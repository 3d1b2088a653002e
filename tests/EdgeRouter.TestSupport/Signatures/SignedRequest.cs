namespace EdgeRouter.TestSupport.Signatures;

/// <summary>A request as it came.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Path and query, as they were sent.</param>
/// <param name="Headers">Its headers, whatever their case.</param>
/// <param name="Body">Its body.</param>
public sealed record SignedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Headers by name, whatever their case.</summary>
    public static Dictionary<string, string> Index(IEnumerable<KeyValuePair<string, string>> headers)
    {
        var index = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers) index[name] = value;
        return index;
    }
}

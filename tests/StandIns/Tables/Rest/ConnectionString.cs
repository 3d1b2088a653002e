namespace Azure.Data.Tables.Rest;

/// <summary>The parts of a storage connection string with an account key.</summary>
internal sealed record ConnectionString(Uri Endpoint, string Account, byte[] Key)
{
    private const string Development = "AccountName=devstoreaccount1;TableEndpoint=http://127.0.0.1:10002/devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <exception cref="FormatException">It is not such a string.</exception>
    public static ConnectionString Parse(string text)
    {
        var parts = Split(text);
        if (parts.TryGetValue("UseDevelopmentStorage", out var development) && development == "true") parts = Split(Development);
        string Part(string name) => parts.GetValueOrDefault(name) ?? throw new FormatException($"The connection string has no {name}.");
        var account = Part("AccountName");
        var endpoint = parts.GetValueOrDefault("TableEndpoint")
            ?? $"{parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table."
                + $"{parts.GetValueOrDefault("EndpointSuffix", "core.windows.net")}";
        return new ConnectionString(new Uri(endpoint), account, Convert.FromBase64String(Part("AccountKey")));
    }

    private static Dictionary<string, string> Split(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw new FormatException("The connection string must be name=value pairs, separated by semicolons.");
            parts[part[..equals]] = part[(equals + 1)..];
        }
        return parts;
    }
}

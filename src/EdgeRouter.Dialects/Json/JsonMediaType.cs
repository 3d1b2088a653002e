namespace EdgeRouter.Dialects.Json;

/// <summary>The media type of JSON.</summary>
public static class JsonMediaType
{
    /// <summary>Its name.</summary>
    public const string Name = "application/json";

    /// <summary>Whether a Content-Type is JSON's. A missing one counts as JSON: several clients send none.</summary>
    public static bool Matches(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return true;
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        if (end >= 0) type = type[..end];
        type = type.Trim();
        return type.Equals(Name, StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }
}

namespace EdgeRouter.Core.Catalog;

/// <summary>Everything that a catalog is made from. The loader keeps none of it.</summary>
public sealed record CatalogSources
{
    /// <summary>Rows of the provider table.</summary>
    public required IReadOnlyList<ProviderDefinition> Providers { get; init; }

    /// <summary>Catalog files in order: members of a later one replace those of an earlier one.</summary>
    public required IReadOnlyList<CatalogDocument> Documents { get; init; }

    /// <summary>Credentials and overrides by slug. Case is ignored and <c>_</c> stands for <c>-</c>.</summary>
    public IReadOnlyDictionary<string, ProviderSettings> Settings { get; init; } = new Dictionary<string, ProviderSettings>();

    /// <summary>Looks up an environment variable, for the providers' customary ones; null result: not set. The default finds none.</summary>
    public Func<string, string?> EnvironmentVariable { get; init; } = static _ => null;

    /// <summary>Whether base URLs may be plain http on other hosts than loopback.</summary>
    public bool AllowPlainHttp { get; init; }

    /// <summary>Names of the wire formats that this process has. A provider with another one cannot serve.</summary>
    public IReadOnlyCollection<string> Wires { get; init; } = WireNames.All;

    /// <summary>Names of the authentication schemes that this process has. A provider with another one cannot serve.</summary>
    public IReadOnlyCollection<string> AuthSchemes { get; init; } = Catalog.AuthSchemes.All;
}

/// <summary>A catalog file: its name in error texts, and its bytes (UTF-8 JSON).</summary>
/// <param name="Name">Name in error texts.</param>
/// <param name="Json">The bytes; a byte order mark is allowed.</param>
public sealed record CatalogDocument(string Name, ReadOnlyMemory<byte> Json)
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Reads a file of at most <see cref="MaxBytes"/>.</summary>
    /// <exception cref="CatalogException">The file is missing, too large or cannot be read.</exception>
    public static CatalogDocument FromFile(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MaxBytes) throw Fault(path, $"expected at most {MaxBytes} bytes, not {length}");
            return new CatalogDocument(path, File.ReadAllBytes(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Fault(path, $"expected a readable file: {fault.Message}");
        }
    }

    private static CatalogException Fault(string path, string expectation) => new([new CatalogError(path, "", expectation)]);
}

namespace EdgeRouter.Dialects;

/// <summary>A wire format.</summary>
public interface IDialect
{
    /// <summary>One of <see cref="Core.Catalog.DialectNames"/>.</summary>
    string Name { get; }
}

namespace EdgeRouter.Core.Errors;

/// <summary>The fact of a request that an error is about. The caller API that read the request spells it.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="Index">Which entry of a list; null: it is no list.</param>
public readonly record struct RequestFault(RequestFact Fact, int? Index = null);

/// <summary>Facts of a request that routing and budgets may find fault with.</summary>
public enum RequestFact
{
    /// <summary>The model.</summary>
    Model,

    /// <summary>A model to try after it.</summary>
    FallbackModel,

    /// <summary>A provider to try first.</summary>
    ProviderOrder,

    /// <summary>A provider that alone may serve.</summary>
    ProviderOnly,

    /// <summary>A provider that must not serve.</summary>
    ProviderIgnore,

    /// <summary>The ordering of endpoints.</summary>
    Sort,

    /// <summary>The limit on the length of the output.</summary>
    OutputLimit,

    /// <summary>The number of outputs.</summary>
    OutputCount,
}

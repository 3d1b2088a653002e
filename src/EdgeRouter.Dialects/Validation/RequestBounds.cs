namespace EdgeRouter.Dialects.Validation;

/// <summary>
/// Most items of each list in a request. No honest caller meets them: they keep small items in a large body from becoming a large amount of work.
/// docs/request-limits.md shows the same table.
/// </summary>
internal static class RequestBounds
{
    /// <summary><c>messages</c>, and items of <c>input</c>.</summary>
    public const int Messages = 10_000;

    /// <summary>Content parts of a message, and text parts of <c>prediction</c>.</summary>
    public const int Parts = 1_000;

    /// <summary>Tool calls of a message.</summary>
    public const int ToolCalls = 1_024;

    /// <summary>Reasoning blocks of a message. Some clients return one for each piece of a stream.</summary>
    public const int ReasoningBlocks = 16_384;

    /// <summary>Images or annotations that the model made for one message.</summary>
    public const int Made = 1_000;

    /// <summary><c>tools</c>.</summary>
    public const int Tools = 1_024;

    /// <summary><c>stop</c>.</summary>
    public const int Stop = 4;

    /// <summary><c>stop_sequences</c> of a Messages request. Providers with fewer refuse more themselves.</summary>
    public const int StopSequences = 64;

    /// <summary><c>fallbacks</c>.</summary>
    public const int Fallbacks = 3;

    /// <summary><c>n</c> and <c>best_of</c>.</summary>
    public const int Choices = 128;

    /// <summary><c>models</c>.</summary>
    public const int Models = 64;

    /// <summary>Each of <c>provider.order</c>, <c>provider.only</c> and <c>provider.ignore</c>.</summary>
    public const int Providers = 256;

    /// <summary><c>provider.quantizations</c>, <c>modalities</c>, <c>plugins</c>, <c>stop_server_tools_when</c>, <c>include</c> and members of
    /// <c>image_config</c>.</summary>
    public const int Options = 64;

    /// <summary>Members of <c>logit_bias</c>.</summary>
    public const int Biases = 16_384;

    /// <summary>Prompts of a completion.</summary>
    public const int Prompts = 2_048;

    /// <summary><c>input</c> of a request for embeddings: as many as OpenAI's API takes.</summary>
    public const int Inputs = 2_048;

    /// <summary><c>documents</c> of a request for reranking. Providers with fewer refuse more themselves.</summary>
    public const int Documents = 10_000;

    /// <summary>Token ids in all prompts of a completion, or in all inputs of a request for embeddings: more than the context of any model.</summary>
    public const int PromptTokens = 4_194_304;

    /// <summary>Members of <c>metadata</c>.</summary>
    public const int Notes = 16;
}

namespace EdgeRouter.ClientTests.Providers;

/// <summary>How a stub's model behaves; the end of its name says it.</summary>
internal enum Behaviour
{
    /// <summary>Answers well.</summary>
    Sound,

    /// <summary>Stops in the middle without saying so.</summary>
    Truncated,

    /// <summary>Reports an error in the middle of a stream; at once when it does not stream.</summary>
    MidstreamError,

    /// <summary>Refuses with 429.</summary>
    RateLimited,

    /// <summary>Begins to answer a stream, and then says nothing more until the router hangs up.</summary>
    Stuck,
}

/// <summary>The models of every stub: a family in the provider's own naming, and a behaviour.</summary>
internal static class ProviderModels
{
    public const string OpenAI = "gpt";
    public const string DeepSeek = "deepseek";
    public const string Responses = "gpt-next";
    public const string Anthropic = "claude";

    // Google's generations differ on the wire, and only the name tells them apart.
    public const string Gemini = "gemini-3";

    public static string Name(string family, Behaviour behaviour) => $"{family}-{behaviour.ToString().ToLowerInvariant()}";

    /// <summary>Reads a name. Throws <see cref="RejectedRequest"/>: no such model.</summary>
    public static Behaviour Parse(string model, string family)
    {
        foreach (var behaviour in Enum.GetValues<Behaviour>())
            if (model == Name(family, behaviour)) return behaviour;
        throw new RejectedRequest(RequestFault.NoSuchModel, "model", model);
    }
}

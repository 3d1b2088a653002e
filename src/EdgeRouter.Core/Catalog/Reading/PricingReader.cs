namespace EdgeRouter.Core.Catalog.Reading;

/// <summary>Reads the <c>pricing</c> object.</summary>
internal static class PricingReader
{
    /// <summary>A token that costs more is a price per million given as a price per token.</summary>
    private const decimal TokenPricesAreBelow = 0.1m;
    private const decimal UnitPricesAreBelow = 1000m;
    private const int MaxOverrides = 16;

    private const string Members = "prompt, completion, input_cache_read, input_cache_write, input_cache_write_1h, internal_reasoning, audio, audio_output, "
        + "image, image_token, image_output, request, web_search, overrides";
    private const string OverrideMembers = "min_prompt_tokens, prompt, completion, input_cache_read, input_cache_write, audio";

    public static Pricing? Read(ref JsonCursor json)
    {
        if (!json.BeginObject()) return null;
        decimal? prompt = null, completion = null;
        bool promptGiven = false, completionGiven = false;
        var prices = new Pricing { Prompt = 0, Completion = 0 };
        while (json.NextMember() is { } name)
        {
            if (json.IsNull) continue;
            switch (name)
            {
                case "prompt": (promptGiven, prompt) = (true, Token(ref json)); break;
                case "completion": (completionGiven, completion) = (true, Token(ref json)); break;
                case "input_cache_read": prices = prices with { InputCacheRead = Token(ref json) }; break;
                case "input_cache_write": prices = prices with { InputCacheWrite = Token(ref json) }; break;
                case "input_cache_write_1h": prices = prices with { InputCacheWrite1h = Token(ref json) }; break;
                case "internal_reasoning": prices = prices with { InternalReasoning = Token(ref json) }; break;
                case "audio": prices = prices with { Audio = Token(ref json) }; break;
                case "audio_output": prices = prices with { AudioOutput = Token(ref json) }; break;
                case "image": prices = prices with { Image = json.Price(UnitPricesAreBelow, "per image") }; break;
                case "image_token": prices = prices with { ImageToken = Token(ref json) }; break;
                case "image_output": prices = prices with { ImageOutput = Token(ref json) }; break;
                case "request": prices = prices with { Request = json.Price(UnitPricesAreBelow, "per request") }; break;
                case "web_search": prices = prices with { WebSearch = json.Price(UnitPricesAreBelow, "per search") }; break;
                case "overrides": prices = prices with { Overrides = ReadOverrides(ref json) }; break;
                default: json.UnknownMember(Members); break;
            }
        }
        if (!promptGiven) json.Report("expected a decimal string >= 0", "prompt");
        if (!completionGiven) json.Report("expected a decimal string >= 0", "completion");
        return prompt is { } input && completion is { } output ? prices with { Prompt = input, Completion = output } : null;
    }

    private static List<PricingOverride> ReadOverrides(ref JsonCursor json)
    {
        var overrides = new List<PricingOverride>();
        if (!json.BeginArray()) return overrides;
        while (json.NextElement())
        {
            if (overrides.Count == MaxOverrides) json.Fail($"expected at most {MaxOverrides} overrides");
            else if (ReadOverride(ref json) is { } one)
            {
                if (overrides.Count > 0 && one.MinPromptTokens <= overrides[^1].MinPromptTokens)
                    json.Report("expected overrides in ascending order of min_prompt_tokens", "min_prompt_tokens");
                overrides.Add(one);
            }
        }
        return overrides;
    }

    private static PricingOverride? ReadOverride(ref JsonCursor json)
    {
        if (!json.BeginObject()) return null;
        long? minimum = null;
        var prices = new PricingOverride(0);
        while (json.NextMember() is { } name)
        {
            if (json.IsNull) continue;
            switch (name)
            {
                case "min_prompt_tokens": minimum = json.Integer(1, int.MaxValue); break;
                case "prompt": prices = prices with { Prompt = Token(ref json) }; break;
                case "completion": prices = prices with { Completion = Token(ref json) }; break;
                case "input_cache_read": prices = prices with { InputCacheRead = Token(ref json) }; break;
                case "input_cache_write": prices = prices with { InputCacheWrite = Token(ref json) }; break;
                case "audio": prices = prices with { Audio = Token(ref json) }; break;
                default: json.UnknownMember(OverrideMembers); break;
            }
        }
        if (minimum is null) json.Report($"expected a whole number from 1 to {int.MaxValue}", "min_prompt_tokens");
        return minimum is { } tokens ? prices with { MinPromptTokens = (int)tokens } : null;
    }

    private static decimal? Token(ref JsonCursor json) => json.Price(TokenPricesAreBelow, "per token");
}

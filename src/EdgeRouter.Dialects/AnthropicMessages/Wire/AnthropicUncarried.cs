namespace EdgeRouter.Dialects.AnthropicMessages.Wire;

/// <summary>Names the parameters that the wire has no place for. Values that ask for nothing are no loss and not named.</summary>
internal static class AnthropicUncarried
{
    public static void Name(AnthropicRequestScope scope)
    {
        var sampling = scope.Request.Sampling;
        NameIf(sampling.MinP is > 0, "min_p");
        NameIf(sampling.TopA is > 0, "top_a");
        NameIf(sampling.FrequencyPenalty is not (null or 0), "frequency_penalty");
        NameIf(sampling.PresencePenalty is not (null or 0), "presence_penalty");
        NameIf(sampling.RepetitionPenalty is not (null or 1), "repetition_penalty");
        NameIf(sampling.Seed is not null, "seed");
        NameIf(sampling.Logprobs is true, "logprobs");
        NameIf(sampling.TopLogprobs is > 0, "top_logprobs");
        NameIf(scope.Request.ChoiceCount is > 1, "n");
        NameIf(scope.Request.Modalities?.Any(modality => modality != "text") is true, "modalities");
        foreach (var name in scope.Request.Extensions.Keys) scope.Drop(name);

        void NameIf(bool lost, string name)
        {
            if (lost) scope.Drop(name);
        }
    }
}

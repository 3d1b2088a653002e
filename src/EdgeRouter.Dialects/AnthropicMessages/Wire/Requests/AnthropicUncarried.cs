using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Names the parameters that the wire has no place for. Values that ask for nothing are no loss and not named.</summary>
internal static class AnthropicUncarried
{
    public static void Name(AnthropicRequestScope scope)
    {
        var sampling = scope.Request.Sampling;
        NameIf(sampling.MinP is > 0, RequestParameters.MinP);
        NameIf(sampling.TopA is > 0, RequestParameters.TopA);
        NameIf(sampling.FrequencyPenalty is not (null or 0), RequestParameters.FrequencyPenalty);
        NameIf(sampling.PresencePenalty is not (null or 0), RequestParameters.PresencePenalty);
        NameIf(sampling.RepetitionPenalty is not (null or 1), RequestParameters.RepetitionPenalty);
        NameIf(sampling.Seed is not null, RequestParameters.Seed);
        NameIf(sampling.Logprobs is true, RequestParameters.Logprobs);
        NameIf(sampling.TopLogprobs is > 0, RequestParameters.TopLogprobs);
        NameIf(scope.Request.ChoiceCount is > 1, RequestParameters.ChoiceCount);
        NameIf(scope.Request.Modalities?.Any(modality => modality != "text") is true, RequestParameters.Modalities);
        foreach (var name in scope.Request.Extensions.Keys) scope.Drop(RequestPlace.OfExtension(name));

        void NameIf(bool lost, RequestParameters parameter)
        {
            if (lost) scope.Drop(parameter);
        }
    }
}

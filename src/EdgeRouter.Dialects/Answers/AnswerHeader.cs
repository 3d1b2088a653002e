namespace EdgeRouter.Dialects.Answers;

/// <summary>The members at the head of every answer.</summary>
/// <param name="GenerationId">The router's id of the answer.</param>
/// <param name="Created">Unix seconds.</param>
/// <param name="Model">Id of the model that serves.</param>
/// <param name="ProviderName">Display name of the provider.</param>
/// <param name="ExcludeReasoning">Whether reasoning is left out of the answer.</param>
public sealed record AnswerHeader(string GenerationId, long Created, string Model, string ProviderName, bool ExcludeReasoning);

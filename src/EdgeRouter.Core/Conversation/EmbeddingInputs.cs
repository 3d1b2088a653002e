namespace EdgeRouter.Core.Conversation;

/// <summary>
/// What embeddings are asked for, in the content model. Each input is a user's message, so that parts, places and fetches are those of a conversation.
/// Immutable.
/// </summary>
/// <param name="Inputs">The inputs, as messages, with the parameters that conversations have too.</param>
/// <param name="Dimensions">Length that each vector shall have; null: the model's own.</param>
/// <param name="InputType">What the inputs are (<c>search_query</c>, <c>search_document</c>, ...), in the caller's words; null: not said.</param>
public sealed record EmbeddingInputs(ChatRequest Inputs, int? Dimensions, string? InputType);

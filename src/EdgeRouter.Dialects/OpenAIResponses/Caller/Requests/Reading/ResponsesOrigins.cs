namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;

/// <summary>Where the parts of the content model stand in the caller's body. Filled once, when the body is read in full.</summary>
internal sealed class ResponsesOrigins
{
    /// <summary>For each message, the place of each of its parts. A message without parts has the place of itself.</summary>
    public List<IReadOnlyList<ResponsesPlace>> Messages { get; } = [];

    /// <summary>The tools, in the order in which they are sent.</summary>
    public IReadOnlyList<ResponsesTool> Tools { get; set; } = [];
}

/// <summary>The place of a part.</summary>
/// <param name="Item">Index of its item in <c>input</c>; or one of the constants.</param>
/// <param name="Content">Its index in the item's content; null: it is the item, or its only text.</param>
internal readonly record struct ResponsesPlace(int Item, int? Content = null)
{
    /// <summary>It is <c>instructions</c>.</summary>
    public const int Instructions = -1;

    /// <summary>It is <c>input</c>, a text.</summary>
    public const int Input = -2;
}

namespace EdgeRouter.Dialects.AnthropicMessages.Caller.Requests.Reading;

/// <summary>Where a message of the content model stands in the caller's body: results of tools are part of a user's message there.</summary>
/// <param name="Index">Index among the caller's messages; <see cref="System"/>: it is <c>system</c>.</param>
/// <param name="Blocks">Index of the block of each part; null: the content is one text.</param>
internal readonly record struct MessageOrigin(int Index, IReadOnlyList<int>? Blocks)
{
    /// <summary>The index of <c>system</c>.</summary>
    public const int System = -1;
}

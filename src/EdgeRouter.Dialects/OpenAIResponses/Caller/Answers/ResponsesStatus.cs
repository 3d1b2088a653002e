using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>How a response ended, in OpenAI's words.</summary>
/// <param name="Word">completed, incomplete, failed or in_progress.</param>
/// <param name="Incomplete">Why it is incomplete; null: it is not.</param>
internal readonly record struct ResponsesStatus(string Word, string? Incomplete = null)
{
    /// <summary>More will come.</summary>
    public static readonly ResponsesStatus InProgress = new("in_progress");

    /// <summary>It broke.</summary>
    public static readonly ResponsesStatus Failed = new("failed");

    /// <summary>Whether it was broken off by a limit or a filter.</summary>
    public bool IsIncomplete => Incomplete is not null;

    /// <summary>The status of a whole answer.</summary>
    /// <param name="reason">Why it ended; null: not reported.</param>
    /// <param name="refuses">Whether the answer has a refusal, which then says why.</param>
    public static ResponsesStatus Of(FinishReason? reason, bool refuses) => reason switch
    {
        FinishReason.Length => new("incomplete", "max_output_tokens"),
        FinishReason.ContentFilter when !refuses => new("incomplete", "content_filter"),
        FinishReason.Error => Failed,
        _ => new("completed"),
    };

    /// <summary>The error of an answer that its provider says it broke off.</summary>
    public static readonly RouterError BrokenOff = new(502, ErrorTypes.ProviderUnavailable, "The provider broke the answer off.");

    /// <summary>OpenAI's code for an error inside of a response. Clients know no others.</summary>
    public static string CodeOf(RouterError error) => (error.Status, error.Type) switch
    {
        (_, ErrorTypes.InvalidImage) => "invalid_image",
        (_, ErrorTypes.ImageDownloadFailed) => "failed_to_download_image",
        (_, ErrorTypes.ImageTooLarge) => "image_too_large",
        (_, ErrorTypes.UnsupportedImageFormat) => "unsupported_image_media_type",
        (429, _) => "rate_limit_exceeded",
        ( >= 400 and < 500, _) => "invalid_prompt",
        _ => "server_error",
    };
}

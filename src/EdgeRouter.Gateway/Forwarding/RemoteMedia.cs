using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects;
using EdgeRouter.Upstreams.Media;

namespace EdgeRouter.Gateway.Forwarding;

/// <summary>Fetches the callers' images and files for wires that carry bytes only.</summary>
internal sealed class RemoteMedia(MediaFetcher fetcher)
{
    /// <summary>The request with every part inside that the dialect cannot take as a URL; the same request when there is none.</summary>
    /// <exception cref="Core.Errors.RouterException">400 naming the part that could not be fetched.</exception>
    public async ValueTask<ChatRequest> InlineAsync(ChatRequest request, IUpstreamDialect dialect, CancellationToken cancellationToken)
    {
        List<ChatMessage>? messages = null;
        for (var m = 0; m < request.Messages.Count; m++)
        {
            List<ContentPart>? content = null;
            for (var p = 0; p < request.Messages[m].Content.Count; p++)
            {
                var part = request.Messages[m].Content[p];
                if (!dialect.NeedsInlineData(part)) continue;
                content ??= [.. request.Messages[m].Content];
                content[p] = await InlineAsync(part, $"messages[{m}].content[{p}]", cancellationToken);
            }
            if (content is null) continue;
            messages ??= [.. request.Messages];
            messages[m] = messages[m] with { Content = content };
        }
        return messages is null ? request : request with { Messages = messages };
    }

    private async ValueTask<ContentPart> InlineAsync(ContentPart part, string field, CancellationToken cancellationToken) => part switch
    {
        ImagePart image => image with { Url = await fetcher.FetchAsync(image.Url, $"{field}.image_url.url", cancellationToken) },
        VideoPart video => video with { Url = await fetcher.FetchAsync(video.Url, $"{field}.video_url.url", cancellationToken) },
        FilePart { Data: { } data } file => file with { Data = await fetcher.FetchAsync(data, $"{field}.file.file_data", cancellationToken) },
        _ => part,
    };
}

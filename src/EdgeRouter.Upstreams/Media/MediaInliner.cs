using System.Globalization;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Media;

/// <summary>Replaces URLs that a wire cannot carry by their content, in results of tools too. Thread-safe.</summary>
public sealed class MediaInliner(MediaFetcher fetcher, UpstreamOptions options) : IMediaInliner
{
    /// <summary>Fetches, in parallel, every part for which <see cref="IConversationWire.NeedsInlineData"/> holds.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wire">The wire on which it will be written.</param>
    /// <param name="fields">Spells the caller's fields, for errors.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The request to write, the same one if nothing had to be fetched; or a 400 that names the first part at fault.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, IRequestFields fields,
        CancellationToken cancellationToken)
    {
        var sources = FindSources(request, wire);
        if (sources.Count == 0) return (request, null);
        if (sources.Count > options.MaxMediaPerRequest)
        {
            var expected = string.Create(CultureInfo.InvariantCulture,
                $"at most {options.MaxMediaPerRequest} URLs can be fetched for one request, found {sources.Count}");
            return (null, RouterError.InvalidField(fields.FieldOf(request, RequestPlace.Messages), expected));
        }

        var budget = new MediaBudget(options.MaxMediaBytes);
        var fetches = sources.Select(source =>
            fetcher.FetchAsync(source.Url, source.Kind, fields.FieldOf(request, source.Place), budget, cancellationToken).AsTask());
        var fetched = await Task.WhenAll(fetches).ConfigureAwait(false);
        var messages = request.Messages.ToArray();
        for (var i = 0; i < sources.Count; i++)
        {
            if (fetched[i].Error is { } error) return (null, error);
            var place = sources[i].Place;
            var content = messages[place.Index].Content.ToArray();
            content[place.Part] = Replace(content[place.Part], place.Inner, fetched[i].DataUrl!);
            messages[place.Index] = messages[place.Index] with { Content = content };
        }
        return (request with { Messages = messages }, null);
    }

    private sealed record Source(RequestPlace Place, string Url, MediaKind Kind);

    private static List<Source> FindSources(ChatRequest request, IConversationWire wire)
    {
        var sources = new List<Source>();
        for (var m = 0; m < request.Messages.Count; m++)
        {
            var content = request.Messages[m].Content;
            for (var p = 0; p < content.Count; p++)
            {
                var place = RequestPlace.OfPart(m, p, RequestField.Source);
                if (content[p] is ToolResultPart result)
                {
                    for (var i = 0; i < result.Content.Count; i++) AddSource(sources, result.Content[i], place.InResult(i), wire);
                }
                else AddSource(sources, content[p], place, wire);
            }
        }
        return sources;
    }

    private static void AddSource(List<Source> sources, ContentPart part, RequestPlace place, IConversationWire wire)
    {
        if (SourceOf(part) is { } source && wire.NeedsInlineData(part)) sources.Add(new Source(place, source.Url, source.Kind));
    }

    private static (string Url, MediaKind Kind)? SourceOf(ContentPart part) => part switch
    {
        ImagePart image when !IsData(image.Url) => (image.Url, MediaKind.Image),
        VideoPart video when !IsData(video.Url) => (video.Url, MediaKind.Video),
        FilePart { Data: { } data } when !IsData(data) => (data, MediaKind.File),
        _ => null,
    };

    private static bool IsData(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    private static ContentPart Replace(ContentPart part, int? inner, string dataUrl)
    {
        switch (part)
        {
            case ToolResultPart result when inner is { } position:
                var content = result.Content.ToArray();
                content[position] = Replace(content[position], inner: null, dataUrl);
                return result with { Content = content };
            case ImagePart image: return image with { Url = dataUrl };
            case VideoPart video: return video with { Url = dataUrl };
            case FilePart file: return file with { Data = dataUrl };
            default: return part;
        }
    }
}

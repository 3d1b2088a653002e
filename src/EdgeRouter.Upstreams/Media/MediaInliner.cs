using System.Globalization;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Media;

/// <summary>Replaces the URLs of a request that a wire cannot carry by what they lead to. Thread-safe.</summary>
public sealed class MediaInliner(MediaFetcher fetcher, UpstreamOptions options) : IMediaInliner
{
    /// <summary>Fetches, in parallel, every part for which <see cref="IConversationWire.NeedsInlineData"/> holds.</summary>
    /// <returns>The request to write, the same one if nothing had to be fetched; or a 400 that names the first part at fault.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire,
        CancellationToken cancellationToken)
    {
        var places = FindPlaces(request, wire);
        if (places.Count == 0) return (request, null);
        if (places.Count > options.MaxMediaPerRequest)
        {
            var expected = string.Create(CultureInfo.InvariantCulture,
                $"at most {options.MaxMediaPerRequest} URLs can be fetched for one request, found {places.Count}");
            return (null, RouterError.InvalidField("messages", expected));
        }

        var budget = new MediaBudget(options.MaxMediaBytes);
        var fetches = places.Select(place => fetcher.FetchAsync(place.Url, place.Kind, place.Field, budget, cancellationToken).AsTask());
        var fetched = await Task.WhenAll(fetches).ConfigureAwait(false);
        var messages = request.Messages.ToArray();
        for (var i = 0; i < places.Count; i++)
        {
            if (fetched[i].Error is { } error) return (null, error);
            var (message, part) = (places[i].Message, places[i].Part);
            var content = messages[message].Content.ToArray();
            content[part] = Replace(content[part], fetched[i].DataUrl!);
            messages[message] = messages[message] with { Content = content };
        }
        return (request with { Messages = messages }, null);
    }

    private sealed record Place(int Message, int Part, string Url, MediaKind Kind, string Field);

    private static List<Place> FindPlaces(ChatRequest request, IConversationWire wire)
    {
        var places = new List<Place>();
        for (var m = 0; m < request.Messages.Count; m++)
        {
            var content = request.Messages[m].Content;
            for (var p = 0; p < content.Count; p++)
            {
                if (Source(content[p]) is not { } source || !wire.NeedsInlineData(content[p])) continue;
                places.Add(new Place(m, p, source.Url, source.Kind,
                    string.Create(CultureInfo.InvariantCulture, $"messages[{m}].content[{p}].{source.Member}")));
            }
        }
        return places;
    }

    private static (string Url, MediaKind Kind, string Member)? Source(ContentPart part) => part switch
    {
        ImagePart image when !IsData(image.Url) => (image.Url, MediaKind.Image, "image_url.url"),
        VideoPart video when !IsData(video.Url) => (video.Url, MediaKind.Video, "video_url.url"),
        FilePart { Data: { } data } when !IsData(data) => (data, MediaKind.File, "file.file_data"),
        _ => null,
    };

    private static bool IsData(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    private static ContentPart Replace(ContentPart part, string dataUrl) => part switch
    {
        ImagePart image => image with { Url = dataUrl },
        VideoPart video => video with { Url = dataUrl },
        FilePart file => file with { Data = dataUrl },
        _ => part,
    };
}

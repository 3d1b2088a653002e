using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Upstreams.Media;

/// <summary>A URL of a request that must be replaced by data.</summary>
/// <param name="Place">Its place in the request.</param>
/// <param name="Url">The URL, as the caller wrote it.</param>
/// <param name="Kind">The expected kind of content.</param>
internal sealed record MediaSource(RequestPlace Place, string Url, MediaKind Kind)
{
    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    /// <summary>Every part for which <see cref="IConversationWire.NeedsInlineData"/> holds, in the results of tools, too.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wire">The wire on which it will be written.</param>
    /// <param name="all">Whether every URL must become data, whatever the wire can carry.</param>
    public static List<MediaSource> Find(ChatRequest request, IConversationWire wire, bool all)
    {
        var sources = new List<MediaSource>();
        for (var m = 0; m < request.Messages.Count; m++)
        {
            var content = request.Messages[m].Content;
            for (var p = 0; p < content.Count; p++)
            {
                var place = RequestPlace.OfPart(m, p, RequestField.Source);
                if (content[p] is ToolResultPart result)
                {
                    for (var i = 0; i < result.Content.Count; i++) Add(sources, result.Content[i], place.InResult(i), wire, all);
                }
                else Add(sources, content[p], place, wire, all);
            }
        }
        return sources;
    }

    /// <summary>The part with data in place of its URL.</summary>
    /// <param name="part">The part.</param>
    /// <param name="inner">Index in the result of a tool; null: the part itself has the URL.</param>
    /// <param name="dataUrl">The data.</param>
    public static ContentPart Replace(ContentPart part, int? inner, string dataUrl)
    {
        switch (part)
        {
            case ToolResultPart result when inner is { } position:
                var content = result.Content.ToArray();
                content[position] = Replace(content[position], inner: null, dataUrl);
                return result with { Content = content };
            // As it came, it would show the URL.
            case ImagePart image: return image with { Url = dataUrl, Json = null };
            case VideoPart video: return video with { Url = dataUrl };
            case FilePart file: return file with { Data = dataUrl };
            default: return part;
        }
    }

    private static void Add(List<MediaSource> sources, ContentPart part, RequestPlace place, IConversationWire wire, bool all)
    {
        if (SourceOf(part) is { } source && (wire.NeedsInlineData(part) || (all && !IsBase64(part))))
            sources.Add(new MediaSource(place, source.Url, source.Kind));
    }

    private static (string Url, MediaKind Kind)? SourceOf(ContentPart part) => part switch
    {
        ImagePart image when !IsData(image.Url) => (image.Url, MediaKind.Image),
        VideoPart video when !IsData(video.Url) => (video.Url, MediaKind.Video),
        FilePart { Data: { } data } when !IsData(data) => (data, MediaKind.File),
        _ => null,
    };

    /// <summary>A file may be given as bare base64, which leads nowhere.</summary>
    private static bool IsBase64(ContentPart part) => part is FilePart { Data: { } data } && !data.AsSpan().ContainsAnyExcept(Base64);

    private static bool IsData(string url) => url.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
}

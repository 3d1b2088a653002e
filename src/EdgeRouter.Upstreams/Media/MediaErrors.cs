using System.Globalization;
using EdgeRouter.Core.Errors;

namespace EdgeRouter.Upstreams.Media;

/// <summary>The errors of fetching one member. They reveal nothing about the operator's network.</summary>
internal readonly struct MediaErrors(MediaKind kind, string field)
{
    public MediaResult Busy()
    {
        var message = $"{field}: too many images and files are being fetched now, try again later";
        return new(null, new RouterError(503, ErrorTypes.ProviderOverloaded, message) { Field = field, RetryAfter = TimeSpan.FromSeconds(10) });
    }

    public MediaResult BadUrl() => Make(ErrorTypes.InvalidRequest, "expected a data URL, or an http or https URL without credentials");

    public MediaResult Forbidden() => Make(Image(ErrorTypes.ImageDownloadFailed), "the URL leads to an address that may not be fetched");

    public MediaResult Download(string why) => Make(Image(ErrorTypes.ImageDownloadFailed), $"the URL could not be fetched: {why}");

    public MediaResult TooLarge(int limit) =>
        Make(Image(ErrorTypes.ImageTooLarge), string.Create(CultureInfo.InvariantCulture, $"the content exceeds the {limit} bytes that one request may fetch"));

    public MediaResult Unsupported() => Make(Image(ErrorTypes.UnsupportedImageFormat), kind switch
    {
        MediaKind.Image => "expected a PNG, JPEG, GIF or WebP image",
        MediaKind.Video => "expected an MP4, QuickTime, WebM, MPEG or AVI video",
        _ => "expected a PDF, a text format or an image",
    });

    private string Image(string type) => kind == MediaKind.Image ? type : ErrorTypes.InvalidRequest;

    private MediaResult Make(string type, string text) => new(null, new RouterError(400, type, $"{field}: {text}") { Field = field });
}

using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Gemini.Wire;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiTarget;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiMediaTests
{
    private const string Youtube = "https://www.youtube.com/watch?v=x";
    private const string FilesApi = "https://generativelanguage.googleapis.com/v1beta/files/abc";

    public static TheoryData<ContentPart, string> Parts => new()
    {
        { new ImagePart("data:image/png;base64,+/8="), Inline("image/png", "+/8=") },
        { new ImagePart("DATA:image/svg+xml;charset=utf-8;BASE64,AAAA"), Inline("image/svg+xml", "AAAA") },
        { new VideoPart("data:video/mp4;base64,AAAA"), Inline("video/mp4", "AAAA") },
        { new FilePart("a.pdf", "data:application/pdf;base64,AAAA", null), Inline("application/pdf", "AAAA") },
        { new AudioPart("AAAA", "wav"), Inline("audio/wav", "AAAA") },
        { new AudioPart("AAAA", "MP3"), Inline("audio/mp3", "AAAA") },
        { new AudioPart("AAAA", "pcm16"), Inline("audio/pcm", "AAAA") },
        { new ImagePart("gs://bucket/a.png"), """{"fileData":{"mimeType":"image/png","fileUri":"gs://bucket/a.png"}}""" },
        { new VideoPart(Youtube), $$$"""{"fileData":{"fileUri":"{{{Youtube}}}"}}""" },
        { new VideoPart("https://youtu.be/x"), """{"fileData":{"fileUri":"https://youtu.be/x"}}""" },
        { new FilePart(null, FilesApi, null), $$$"""{"fileData":{"fileUri":"{{{FilesApi}}}"}}""" },
        { new FilePart(null, "https://example.com/a.pdf", "files/abc"), $$$"""{"fileData":{"fileUri":"{{{FilesApi}}}"}}""" },
        { new FilePart(null, null, "files/abc"), $$$"""{"fileData":{"fileUri":"{{{FilesApi}}}"}}""" },
        { new FilePart(null, "data:application/pdf;base64,AAAA", "file-of-another-provider"), Inline("application/pdf", "AAAA") },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void Media_part_is_written_with_its_bytes_or_its_uri(ContentPart part, string expected)
    {
        Assert.Equal("""{"contents":[{"role":"user","parts":[""" + expected + "]}]}", Write(Ask(User(part))));
        Assert.False(new GeminiWire().NeedsInlineData(part));
    }

    [Fact]
    public void Large_picture_arrives_whole()
    {
        var bytes = new byte[100_001];
        new Random(7).NextBytes(bytes);
        var data = Convert.ToBase64String(bytes);

        Assert.Equal("""{"contents":[{"role":"user","parts":[""" + Inline("image/png", data) + "]}]}",
            Write(Ask(User(new ImagePart("data:image/png;base64," + data)))));
    }

    public static TheoryData<ContentPart, string> Remote => new()
    {
        { new ImagePart("https://example.com/a.png"), "messages[0].content[0].image_url.url" },
        { new VideoPart("http://example.com/a.mp4"), "messages[0].content[0].video_url.url" },
        { new FilePart(null, "https://youtube.com.example.com/a", null), "messages[0].content[0].file.file_data" },
        { new FilePart(null, "https://generativelanguage.googleapis.com/v1beta/models", null), "messages[0].content[0].file.file_data" },
    };

    [Theory]
    [MemberData(nameof(Remote))]
    public void Remote_url_needs_inline_data_and_is_refused_when_it_was_not_fetched(ContentPart part, string field)
    {
        Assert.True(new GeminiWire().NeedsInlineData(part));
        Refused(part, field);
    }

    public static TheoryData<ContentPart, string> Broken => new()
    {
        { new ImagePart("data:image/png,plain"), "messages[0].content[0].image_url.url" },
        { new ImagePart("data:image/png;base64,"), "messages[0].content[0].image_url.url" },
        { new ImagePart("data:image/png;base64,?"), "messages[0].content[0].image_url.url" },
        { new ImagePart("data:;base64,AAAA"), "messages[0].content[0].image_url.url" },
        { new ImagePart("data:ima\"ge/png;base64,AAAA"), "messages[0].content[0].image_url.url" },
        { new ImagePart("ftp://example.com/a.png"), "messages[0].content[0].image_url.url" },
        { new ImagePart(""), "messages[0].content[0].image_url.url" },
        { new AudioPart("?", "wav"), "messages[0].content[0].input_audio.data" },
        { new AudioPart("AAAA", "midi"), "messages[0].content[0].input_audio.format" },
        { new FilePart(null, null, "file-of-another-provider"), "messages[0].content[0].file.file_id" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Broken_media_is_a_400_naming_the_field(ContentPart part, string field)
    {
        Assert.False(new GeminiWire().NeedsInlineData(part));
        Refused(part, field);
    }

    [Fact]
    public void Picture_detail_is_named_as_dropped()
    {
        var (_, dropped) = Write(Ask(User(new ImagePart("data:image/png;base64,AA==", "high"), new ImagePart("data:image/png;base64,AA==", "auto"))),
            For(Gemini2));

        Assert.Equal(["image_url.detail"], dropped);
    }

    [Fact]
    public void Pictures_that_the_model_made_are_handed_back_and_absent_ones_named()
    {
        var made = new ChatMessage
        {
            Role = ChatRole.Assistant,
            Content =
            [
                new ImagePart("data:image/png;base64,AA==") { IsGenerated = true },
                new ImagePart("https://example.com/b.png") { IsGenerated = true },
            ],
        };

        var (json, dropped) = Write(Ask(User("draw"), made), For(Gemini2));

        Assert.EndsWith("""{"role":"model","parts":[""" + Inline("image/png", "AA==") + "]}]}", json, StringComparison.Ordinal);
        Assert.Equal(["messages.images"], dropped);
    }

    private static string Inline(string mediaType, string data) => $$$"""{"inlineData":{"mimeType":"{{{mediaType}}}","data":"{{{data}}}"}}""";

    private static void Refused(ContentPart part, string field)
    {
        var error = Assert.Throws<RouterException>(() => Write(Ask(User(part)))).Error;

        Assert.Equal((400, field), (error.Status, error.Field));
    }
}

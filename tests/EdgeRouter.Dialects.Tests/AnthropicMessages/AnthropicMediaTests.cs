using System.Text;
using EdgeRouter.Core.Conversation;
using Xunit;
using static EdgeRouter.Dialects.Tests.AnthropicMessages.AnthropicRequests;

namespace EdgeRouter.Dialects.Tests.AnthropicMessages;

/// <summary>Images and files, and the parts that the wire cannot say.</summary>
public sealed class AnthropicMediaTests
{
    private static string Data(string mediaType, string text) => $"data:{mediaType};base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}";

    public static TheoryData<ContentPart, string> Carried => new()
    {
        { new ImagePart("data:image/png;base64,aGk="), """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aGk="}}""" },
        { new ImagePart("DATA:Image/JPG;base64,a+/="), """{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"a+/="}}""" },
        { new ImagePart("https://example.com/a.png", "auto"), """{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}""" },
        {
            new FilePart("a.pdf", "data:application/pdf;base64,JVBERg==", null),
            """{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERg=="},"title":"a.pdf"}"""
        },
        { new FilePart(null, "https://example.com/a.pdf", null), """{"type":"document","source":{"type":"url","url":"https://example.com/a.pdf"}}""" },
        {
            new FilePart("a.txt", Data("text/plain", "Grüße"), null),
            """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Grüße"},"title":"a.txt"}"""
        },
        {
            new FilePart("a.md", Data("text/markdown;charset=utf-8", "# A"), null),
            """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"# A"},"title":"a.md"}"""
        },
        {
            new FilePart("a.json", Data("application/json", "[1]"), null),
            """{"type":"document","source":{"type":"text","media_type":"text/plain","data":"[1]"},"title":"a.json"}"""
        },
        { new FilePart("a.gif", "data:image/gif;base64,aGk=", null), """{"type":"image","source":{"type":"base64","media_type":"image/gif","data":"aGk="}}""" },
        { new FilePart(null, null, "file_011"), """{"type":"document","source":{"type":"file","file_id":"file_011"}}""" },
    };

    [Theory]
    [MemberData(nameof(Carried))]
    public void Media_become_blocks_with_a_source(ContentPart part, string expected) =>
        Assert.Equal($$"""[{"role":"user","content":[{{expected}}]}]""", Messages(User(part)));

    public static TheoryData<ContentPart, string> Refused => new()
    {
        { new ImagePart("data:image/svg+xml;base64,aGk="), "messages[0].content[1].image_url.url" },
        { new ImagePart("data:image/png,raw"), "messages[0].content[1].image_url.url" },
        { new ImagePart("data:image/png;base64,"), "messages[0].content[1].image_url.url" },
        { new ImagePart("data:"), "messages[0].content[1].image_url.url" },
        { new ImagePart(""), "messages[0].content[1].image_url.url" },
        { new ImagePart("ftp://example.com/a.png"), "messages[0].content[1].image_url.url" },
        { new ImagePart("data:" + new string('x', 5000) + ";base64,aGk="), "messages[0].content[1].image_url.url" },
        { new FilePart("a.zip", "data:application/zip;base64,aGk=", null), "messages[0].content[1].file.file_data" },
        { new FilePart("a.txt", "data:text/plain;base64,%%%", null), "messages[0].content[1].file.file_data" },
        { new FilePart("a.txt", "data:text/plain;base64,/w==", null), "messages[0].content[1].file.file_data" },
        { new FilePart("a.txt", null, null), "messages[0].content[1].file" },
        { new AudioPart("aGk=", "wav"), "messages[0].content[1].input_audio" },
        { new VideoPart("https://example.com/a.mp4"), "messages[0].content[1].video_url" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_the_wire_cannot_say_is_refused_with_its_field(ContentPart part, string field) =>
        Assert.Equal(field, RefusedField(User(new TextPart("x"), part)));

    [Theory]
    [InlineData(ChatRole.Assistant)]
    [InlineData(ChatRole.System)]
    [InlineData(ChatRole.Developer)]
    public void Images_belong_to_users_and_tools(ChatRole role) =>
        Assert.Equal(
            "messages[1].content[0]",
            RefusedField(User("x"), new ChatMessage { Role = role, Content = [new ImagePart("https://example.com/a.png")] }, User("y")));

    [Fact]
    public void Image_detail_is_named_as_lost() =>
        Assert.Equal(["image_url.detail"], Write(new ChatRequest { Messages = [User(new ImagePart("https://example.com/a.png", "high"))] }).Dropped);
}

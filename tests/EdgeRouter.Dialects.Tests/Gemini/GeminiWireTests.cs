using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Gemini.Wire;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiWireTests
{
    private static readonly GeminiWire Wire = new();

    [Theory]
    [InlineData("gemini-2.5-flash", false, "models/gemini-2.5-flash:generateContent")]
    [InlineData("gemini-2.5-flash", true, "models/gemini-2.5-flash:streamGenerateContent?alt=sse")]
    [InlineData("a/b c?d#e", false, "models/a%2Fb%20c%3Fd%23e:generateContent")]
    public void Path_holds_the_escaped_model_and_whether_it_streams(string model, bool stream, string expected) =>
        Assert.Equal(expected, Wire.GetPath(Operation.Chat, model, stream));

    [Fact]
    public void Name_is_the_catalogs() => Assert.Equal(WireNames.Gemini, Wire.Name);
}

using EdgeRouter.Dialects.Canonical;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Canonical;

/// <summary>What of a continued text is new to the caller.</summary>
public sealed class TextSeamTests
{
    [Theory]
    [InlineData("Once upon", " a time", false, "Once upon", " a time")]
    [InlineData("Once upon ", "a time", false, "Once upon", "a time")]
    [InlineData("Once upon ", " a time", false, "Once upon", "a time")]
    [InlineData("Once upon\n\n", "\n\nThere was", false, "Once upon", "There was")]
    [InlineData("Once upon\n\n", "\nThere was", false, "Once upon", "There was")]
    [InlineData("ha", "ha ha", false, "ha", "ha ha")] // said again, not repeated
    [InlineData("Once upon ", "Once upon a time", true, "Once upon", "a time")]
    [InlineData("Once upon ", " a time", true, "Once upon", "a time")]
    [InlineData("Once upon", "Once more", true, "Once upon", "Once more")]
    [InlineData("Once upon", "Once upon", true, "Once upon", "")]
    [InlineData("Once upon", "Once", true, "Once upon", "Once")]
    [InlineData("Once upon", "", true, "Once upon", "")]
    public void Text_is_said_once_however_it_is_cut(string text, string continued, bool repeats, string sent, string expected)
    {
        for (var size = 1; size <= Math.Max(1, continued.Length); size++)
        {
            var seam = new TextSeam(text, repeats);
            var heard = string.Concat(continued.Chunk(size).Select(piece => seam.Take(new string(piece)))) + seam.End();

            Assert.Equal(sent, seam.Beginning);
            Assert.Equal(expected, heard);
        }
    }
}

using Xunit;

namespace EdgeRouter.Local.Tests;

public sealed class LocalOptionsTests
{
    [Fact]
    public void Nothing_said_listens_on_8080_of_this_machine_only() =>
        Assert.Equal(new LocalOptions(8080, "127.0.0.1", NewKeys: false), LocalOptions.Parse([]));

    [Fact]
    public void Everything_said_is_taken() =>
        Assert.Equal(new LocalOptions(0, "::1", NewKeys: true), LocalOptions.Parse(["--port", "0", "--address", "::1", "--new-keys"]));

    [Theory]
    [InlineData("--port")]
    [InlineData("--port", "x")]
    [InlineData("--port", "65536")]
    [InlineData("--prot", "1")]
    public void What_is_wrong_is_told_with_the_usage(params string[] arguments) =>
        Assert.Contains(LocalOptions.Usage, Assert.Throws<FormatException>(() => LocalOptions.Parse(arguments)).Message, StringComparison.Ordinal);
}

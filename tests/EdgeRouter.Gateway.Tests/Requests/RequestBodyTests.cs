using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Requests;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(100_000, true)]
    [InlineData(0, false)]
    [InlineData(16 * 1024, false)]
    [InlineData(100_000, false)]
    public async Task Body_is_read_whole_with_and_without_a_declared_length(int length, bool declared)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);

        using var body = await RequestBody.ReadAsync(Request(bytes, declared), 1_000_000, CancellationToken.None);

        Assert.True(body.Memory.Span.SequenceEqual(bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_over_the_limit_is_a_413_that_names_the_setting(bool declared)
    {
        var fault = await Assert.ThrowsAsync<RouterException>(async () =>
            await RequestBody.ReadAsync(Request(new byte[1001], declared), 1000, CancellationToken.None));

        Assert.Equal(413, fault.Error.Status);
        Assert.Contains("EdgeRouter__Limits__MaxBodyBytes", fault.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_at_the_limit_is_accepted()
    {
        using var body = await RequestBody.ReadAsync(Request(new byte[1000], declared: false), 1000, CancellationToken.None);

        Assert.Equal(1000, body.Memory.Length);
    }

    [Fact]
    public async Task Disposed_body_cannot_be_read()
    {
        var body = await RequestBody.ReadAsync(Request([1], declared: true), 10, CancellationToken.None);
        body.Dispose();

        Assert.Throws<ObjectDisposedException>(() => body.Memory);
    }

    private static HttpRequest Request(byte[] bytes, bool declared)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(bytes);
        context.Request.ContentLength = declared ? bytes.Length : null;
        return context.Request;
    }
}

using System.Globalization;
using System.IO.Pipelines;
using EdgeRouter.Core.Errors;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Requests;
using EdgeRouter.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
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

        using var body = await RequestBody.ReadAsync(Request(bytes, declared), Load(), Limits(1_000_000), Time);

        Assert.True(body.Memory.Span.SequenceEqual(bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_over_the_limit_is_a_413_that_names_the_setting(bool declared)
    {
        var fault = await Assert.ThrowsAsync<RouterException>(async () =>
            await RequestBody.ReadAsync(Request(new byte[1025], declared), Load(), Limits(1024), Time));

        Assert.Equal(413, fault.Error.Status);
        Assert.Contains("EdgeRouter__Limits__MaxBodyBytes", fault.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_at_the_limit_is_accepted()
    {
        using var body = await RequestBody.ReadAsync(Request(new byte[1024], declared: false), Load(), Limits(1024), Time);

        Assert.Equal(1024, body.Memory.Length);
    }

    [Fact]
    public async Task Disposed_body_cannot_be_read()
    {
        var body = await RequestBody.ReadAsync(Request([1], declared: true), Load(), Limits(1024), Time);
        body.Dispose();

        Assert.Throws<ObjectDisposedException>(() => body.Memory);
    }

    [Fact]
    public async Task Body_that_is_not_there_in_time_is_a_408_that_names_the_setting()
    {
        var time = new VirtualTimeProvider();
        var upload = new Pipe();
        var reading = RequestBody.ReadAsync(Request(upload.Reader, declared: 1000), Load(), Limits(1024), time).AsTask();
        await upload.Writer.WriteAsync(new byte[10]);
        Assert.False(reading.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(61));

        var fault = await Assert.ThrowsAsync<RouterException>(() => reading);
        Assert.Equal(408, fault.Error.Status);
        Assert.Contains("EdgeRouter__Limits__UploadSeconds", fault.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_that_breaks_is_a_caller_who_left()
    {
        var upload = new Pipe();
        await upload.Writer.CompleteAsync(new IOException("reset"));

        await Assert.ThrowsAsync<CallerDisconnectedException>(async () =>
            await RequestBody.ReadAsync(Request(upload.Reader, declared: 1000), Load(), Limits(1024), Time));
    }

    [Fact]
    public async Task Memory_grows_as_bytes_arrive_and_not_by_the_announced_length_and_is_given_back()
    {
        var load = Load();
        var upload = new Pipe();
        var reading = RequestBody.ReadAsync(Request(upload.Reader, declared: 30_000_000), load, Limits(32 * 1024 * 1024), Time).AsTask();
        await upload.Writer.WriteAsync(new byte[10]);
        Assert.InRange(load.BodyBytes, 1, 128 * 1024);

        await upload.Writer.WriteAsync(new byte[1_000_000]);
        await upload.Writer.CompleteAsync();
        (await reading).Dispose();

        Assert.Equal(0, load.BodyBytes);
    }

    [Fact]
    public async Task Bodies_that_together_hold_too_much_are_a_429_that_names_the_setting()
    {
        var load = Load(("Limits:MaxBodyBytesAtOnce", "200000"));
        using var first = await RequestBody.ReadAsync(Request(new byte[100_000], declared: false), load, Limits(1_000_000), Time);
        var held = load.BodyBytes;

        var fault = await Assert.ThrowsAsync<RouterException>(async () =>
            await RequestBody.ReadAsync(Request(new byte[100_000], declared: false), load, Limits(1_000_000), Time));

        Assert.Equal((429, TimeSpan.FromSeconds(1)), (fault.Error.Status, fault.Error.RetryAfter));
        Assert.Contains("EdgeRouter__Limits__MaxBodyBytesAtOnce", fault.Error.Message, StringComparison.Ordinal);
        Assert.Equal(held, load.BodyBytes);
    }

    private static TimeProvider Time => TimeProvider.System;

    private static InstanceLoad Load(params (string Path, string Value)[] settings) => new(Settings(settings));

    private static LimitSettings Limits(int maxBodyBytes) => Settings(("Limits:MaxBodyBytes", maxBodyBytes.ToString(CultureInfo.InvariantCulture))).Limits;

    private static RouterSettings Settings(params (string Path, string Value)[] settings) => RouterSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("EdgeRouter:" + setting.Path, (string?)setting.Value))).Build());

    private static HttpRequest Request(PipeReader reader, long declared)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new Uploading(reader));
        context.Request.ContentLength = declared;
        return context.Request;
    }

    private sealed class Uploading(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }

    private static HttpRequest Request(byte[] bytes, bool declared)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(bytes);
        context.Request.ContentLength = declared ? bytes.Length : null;
        return context.Request;
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Functions.Tests.Http;

/// <summary>
/// What the caller sees when the gateway throws something that it should have handled. The worker ends the response like any other whatever a
/// function throws; so does the server here.
/// </summary>
public sealed class BrokenAnswerTests
{
    [Fact]
    public async Task An_exception_in_the_middle_of_a_body_never_ends_it_tidily()
    {
        var read = new TaskCompletionSource();
        await using var server = await StartAsync(async context =>
        {
            await context.Response.WriteAsync("half of it");
            await context.Response.Body.FlushAsync();
            await read.Task;
            throw new InvalidOperationException("a fault");
        });
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(server.Urls.First()), HttpCompletionOption.ResponseHeadersRead);
        var body = await answer.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte["half of it".Length]);
        read.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task An_exception_before_the_first_byte_is_a_500()
    {
        await using var server = await StartAsync(static _ => throw new InvalidOperationException("a fault"));
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(server.Urls.First()));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task The_gateway_gets_the_real_context_without_the_workers_route_and_with_both_cancellations()
    {
        var seen = new TaskCompletionSource<(Endpoint? Endpoint, int RouteValues, bool CanBeCancelled)>();
        using var invocation = new CancellationTokenSource();
        await using var server = await StartAsync(
            async context =>
            {
                seen.SetResult((context.GetEndpoint(), context.Request.RouteValues.Count, context.RequestAborted.CanBeCanceled));
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            invocation.Token);
        using var client = new HttpClient();
        var asking = client.GetAsync(new Uri(server.Urls.First() + "/some/path"));
        Assert.Equal((null, 0, true), await seen.Task);
        await invocation.CancelAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => asking);
    }

    private static async Task<WebApplication> StartAsync(RequestDelegate gateway, CancellationToken invocation = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Map("/{*path}", async (HttpContext context) =>
        {
            try
            {
                await new GatewayFunction(gateway, NullLogger<GatewayFunction>.Instance).RunAsync(context.Request, invocation);
            }
            catch (InvalidOperationException)
            {
                // The invocation has failed; the response ends.
            }
        });
        await app.StartAsync(CancellationToken.None);
        return app;
    }
}

using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>
/// A provider that answers at once, in the OpenAI Chat wire. A stream with a temperature ends after one token, and one with a largest number of tokens
/// after many; another one sends one token and then stays silent, so that idle streams can be held.
/// </summary>
internal static class StubUpstream
{
    /// <summary>Tokens of a long stream.</summary>
    public const int LongStreamTokens = 1000;

    /// <summary>Between the tokens of a long stream, so that each arrives by itself.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private static readonly byte[] Whole = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"m","system_fingerprint":null,"choices":[{"index":0"""
            + ""","message":{"role":"assistant","content":"Hello there, how can I help you today?","refusal":null},"logprobs":null,"finish_reason":"stop"}]"""
            + ""","usage":{"prompt_tokens":12,"completion_tokens":9,"total_tokens":21}}""");

    private static readonly byte[] FirstChunk = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[{"index":0"""
            + ""","delta":{"role":"assistant","content":"Hello"},"logprobs":null,"finish_reason":null}]}""" + "\n\n");

    private static readonly byte[] LastChunks = Encoding.UTF8.GetBytes(
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[{"index":0"""
            + ""","delta":{},"logprobs":null,"finish_reason":"stop"}]}""" + "\n\n"
            + """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"m","choices":[]"""
            + ""","usage":{"prompt_tokens":12,"completion_tokens":1,"total_tokens":13}}""" + "\n\ndata: [DONE]\n\n");

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null;
        });
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.WriteLine("listening on " + app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var body = new byte[4096];
        var length = 0;
        for (int read; (read = await context.Request.Body.ReadAsync(body.AsMemory(length))) > 0;) length += read;
        if (body.AsSpan(0, length).IndexOf("\"stream\":true"u8) < 0)
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Whole.Length;
            await context.Response.Body.WriteAsync(Whole);
            return;
        }
        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.WriteAsync(FirstChunk);
        await context.Response.Body.FlushAsync();
        if (body.AsSpan(0, length).IndexOf("\"temperature\""u8) >= 0)
        {
            await context.Response.Body.WriteAsync(LastChunks);
            return;
        }
        if (body.AsSpan(0, length).IndexOf("\"max_tokens\""u8) >= 0)
        {
            await WriteLongStreamAsync(context.Response);
            return;
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task WriteLongStreamAsync(HttpResponse response)
    {
        for (var i = 1; i < LongStreamTokens; i++)
        {
            await Task.Delay(Pause);
            await response.Body.WriteAsync(FirstChunk);
            await response.Body.FlushAsync();
        }
        await response.Body.WriteAsync(LastChunks);
    }
}

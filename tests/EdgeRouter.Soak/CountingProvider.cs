using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.Soak;

/// <summary>
/// A provider that does what the request says, and counts what it was asked and what it answered to the end. Outlives the router's processes.
/// </summary>
internal sealed class CountingProvider : IAsyncDisposable
{
    private const int PromptTokens = 17;
    private const int EventsBeforeFault = 3;
    private static readonly string Large = new('x', 64 * 1024);
    private readonly WebApplication app;
    private readonly bool isFirst;
    private readonly ConcurrentQueue<ProviderCall> calls = new();

    private CountingProvider(WebApplication app, bool isFirst)
    {
        this.app = app;
        this.isFirst = isFirst;
    }

    public string BaseUrl => app.Urls.First() + "/v1";

    /// <summary>Every request that came.</summary>
    public IReadOnlyCollection<ProviderCall> Calls => calls;

    /// <param name="isFirst">Whether it is the first in the order of each request: most faults are its own.</param>
    public static async Task<CountingProvider> StartAsync(bool isFirst)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null;
        });
        var provider = new CountingProvider(builder.Build(), isFirst);
        provider.app.Run(provider.ServeAsync);
        await provider.app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var words = body[body.IndexOf("soak ", StringComparison.Ordinal)..].Split(' ', '"');
        var call = new ProviderCall(words[1], PromptTokens, CompletionTokens: 20 + words[1][^1] % 30);
        calls.Enqueue(call);
        try
        {
            await AnswerAsync(context, Enum.Parse<AskKind>(words[2]), body.Contains("\"stream\":true", StringComparison.Ordinal), call);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The router has hung up.
        }
    }

    private async Task AnswerAsync(HttpContext context, AskKind kind, bool isStream, ProviderCall call)
    {
        if (kind == AskKind.Error429 || isFirst && kind is AskKind.Error500)
        {
            context.Response.StatusCode = kind == AskKind.Error429 ? 429 : 500;
            await context.Response.WriteAsync("""{"error":{"message":"No.","type":"server_error","param":null,"code":null}}""");
            return;
        }
        if (isFirst && kind == AskKind.ResetBefore) context.Abort();
        else if (isFirst && kind == AskKind.Malformed) await context.Response.WriteAsync("<html>");
        else if (isStream) await StreamAsync(context, kind, call);
        else await WriteWholeAsync(context, kind, call);
    }

    private static async Task WriteWholeAsync(HttpContext context, AskKind kind, ProviderCall call)
    {
        if (kind == AskKind.LeaveWhole) await Task.Delay(2000, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$"""
            {"id":"c-{{call.Session}}","object":"chat.completion","created":1760000000,"model":"m",
             "choices":[{"index":0,"message":{"role":"assistant","content":"Hello there"},"finish_reason":"stop"}],"usage":{{Usage(call)}}}
            """, context.RequestAborted);
        await context.Response.CompleteAsync();
        call.Completed = true;
    }

    private async Task StreamAsync(HttpContext context, AskKind kind, ProviderCall call)
    {
        context.Response.ContentType = "text/event-stream";
        var text = kind == AskKind.StallReading ? Large : "word ";
        var events = kind == AskKind.StallReading ? 300 : call.CompletionTokens;
        for (var i = 0; i < events; i++)
        {
            if (isFirst && i == EventsBeforeFault && kind == AskKind.ResetMidway)
            {
                context.Abort();
                return;
            }
            if (isFirst && i == EventsBeforeFault && kind == AskKind.StallMidway) await Task.Delay(Timeout.Infinite, context.RequestAborted);
            if (kind == AskKind.LeaveStream) await Task.Delay(20, context.RequestAborted);
            await SendAsync(context, $"{{\"id\":\"c-{call.Session}\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}}}}]}}");
        }
        await SendAsync(context, """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await SendAsync(context, $"{{\"choices\":[],\"usage\":{Usage(call)}}}");
        await SendAsync(context, "[DONE]");
        await context.Response.CompleteAsync();
        call.Completed = true;
    }

    private static async Task SendAsync(HttpContext context, string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static string Usage(ProviderCall call) => string.Create(CultureInfo.InvariantCulture, $"{{\"prompt_tokens\":{call.PromptTokens},"
        + $"\"completion_tokens\":{call.CompletionTokens},\"total_tokens\":{call.PromptTokens + call.CompletionTokens}}}");
}

/// <summary>A request that a provider got.</summary>
/// <param name="Session">The request that it belongs to.</param>
/// <param name="PromptTokens">Usage that it reports if it answers.</param>
/// <param name="CompletionTokens">Usage that it reports if it answers.</param>
internal sealed record ProviderCall(string Session, int PromptTokens, int CompletionTokens)
{
    /// <summary>Every byte of the answer, with its usage, was given to the connection.</summary>
    public bool Completed { get; set; }
}

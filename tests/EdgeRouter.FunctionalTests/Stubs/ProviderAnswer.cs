using Microsoft.AspNetCore.Http;

namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>How a stub provider answers: over Kestrel, which keeps HTTP in order, or with bytes of the test's own, which need not.</summary>
internal sealed class ProviderAnswer
{
    private ProviderAnswer(Func<HttpContext, ProviderRequest, Task>? http, Func<RawConnection, Task>? raw)
    {
        Http = http;
        Raw = raw;
    }

    public Func<HttpContext, ProviderRequest, Task>? Http { get; }

    public Func<RawConnection, Task>? Raw { get; }

    /// <summary>Never answers; lasts until the router hangs up.</summary>
    public static ProviderAnswer Silence => OverHttp((context, _) => HoldAsync(context));

    public static ProviderAnswer OverHttp(Func<HttpContext, ProviderRequest, Task> answer) => new(answer, null);

    public static ProviderAnswer OverTcp(Func<RawConnection, Task> answer) => new(null, answer);

    /// <summary>A body with a status.</summary>
    public static ProviderAnswer Body(int status, string body, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        OverHttp(async (context, _) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsync(body);
    });

    /// <summary>A stream of pieces, each flushed by itself, then its end.</summary>
    public static ProviderAnswer Stream(params string[] pieces) => OverHttp((context, _) => SendAsync(context, pieces));

    /// <summary>A stream of pieces that then falls silent until the router hangs up.</summary>
    public static ProviderAnswer StreamThenSilence(params string[] pieces) => OverHttp(async (context, _) =>
    {
        await SendAsync(context, pieces);
        await HoldAsync(context);
    });

    /// <summary>A stream that repeats a piece until the router hangs up.</summary>
    public static ProviderAnswer Drip(string first, string piece, TimeSpan pause) => OverHttp(async (context, _) =>
    {
        await SendAsync(context, first);
        while (true)
        {
            await SendAsync(context, piece);
            await Task.Delay(pause, context.RequestAborted);
        }
    });

    /// <summary>A stream of pieces that waits for the test before each piece after the first.</summary>
    public static ProviderAnswer StreamInSteps(SemaphoreSlim steps, params string[] pieces) => OverHttp(async (context, _) =>
    {
        await SendAsync(context, pieces[0]);
        foreach (var piece in pieces.Skip(1))
        {
            await steps.WaitAsync(context.RequestAborted);
            await SendAsync(context, piece);
        }
    });

    /// <summary>One answer for streams, another for the rest. Both over Kestrel.</summary>
    public static ProviderAnswer ByMode(ProviderAnswer stream, ProviderAnswer whole) =>
        OverHttp((context, request) => (request.WantsStream ? stream : whole).Http!(context, request));

    /// <summary>The same after a while.</summary>
    public ProviderAnswer After(TimeSpan delay) => OverHttp(async (context, request) =>
    {
        await Task.Delay(delay, context.RequestAborted);
        await Http!(context, request);
    });

    /// <summary>The same once something else has happened.</summary>
    public ProviderAnswer After(Func<Task> happened) => OverHttp(async (context, request) =>
    {
        await happened();
        await Http!(context, request);
    });

    private static async Task SendAsync(HttpContext context, params string[] pieces)
    {
        if (!context.Response.HasStarted) context.Response.ContentType = "text/event-stream";
        foreach (var piece in pieces)
        {
            await context.Response.WriteAsync(piece);
            await context.Response.Body.FlushAsync();
        }
    }

    private static Task HoldAsync(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);
}

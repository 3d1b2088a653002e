using System.Text;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.ClientTests.Providers;

/// <summary>Sends what a stub answers, well or, as its model's name asks, badly.</summary>
internal static class ProviderAnswer
{
    /// <summary>Sends events one by one.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="behaviour">How well.</param>
    /// <param name="events">Blocks of the event stream, each with its blank line.</param>
    /// <param name="error">The provider's event for an error inside a stream.</param>
    public static async Task StreamAsync(HttpContext context, Behaviour behaviour, IReadOnlyList<string> events, string error)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        var sound = behaviour == Behaviour.Sound ? events.Count : events.Count / 2;
        foreach (var text in events.Take(sound)) await SendAsync(context, text);
        if (behaviour == Behaviour.MidstreamError) await SendAsync(context, error);
        if (behaviour == Behaviour.Stuck) await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    /// <summary>Sends a whole answer; a truncated one promises more bytes than it has.</summary>
    public static async Task SendWholeAsync(HttpContext context, Behaviour behaviour, string json)
    {
        if (behaviour == Behaviour.Stuck) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        var bytes = Encoding.UTF8.GetBytes(json);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        if (behaviour != Behaviour.Truncated)
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            return;
        }
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }

    private static async Task SendAsync(HttpContext context, string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}

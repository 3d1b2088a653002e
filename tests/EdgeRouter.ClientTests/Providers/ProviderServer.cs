using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.ClientTests.Providers;

/// <summary>A provider's API below a path of the <see cref="ProviderServer"/>.</summary>
internal interface IProvider
{
    /// <summary>First segment of its paths.</summary>
    string Root { get; }

    /// <summary>Reads and checks a request. Throws <see cref="RejectedRequest"/>.</summary>
    Prompt Read(HttpRequest request, JsonElement body);

    Task WriteRejectionAsync(HttpContext context, RejectedRequest rejection);

    Task WriteAsync(HttpContext context, Prompt prompt, Reply reply);
}

/// <summary>
/// The providers' side of the tests: stubs of three providers' APIs on one free port of loopback, a picture, and counts, by the text of the user, of the calls
/// that came (<c>/calls?text=</c>) and of those that the router gave up (<c>/hangups?text=</c>).
/// </summary>
internal sealed class ProviderServer : IAsyncDisposable
{
    /// <summary>A PNG of one pixel.</summary>
    public static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    private readonly WebApplication app;
    private readonly HttpClient web = new();
    private readonly ConcurrentDictionary<string, int> calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> hangups = new(StringComparer.Ordinal);

    private ProviderServer(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());

    public static async Task<ProviderServer> StartAsync(params IProvider[] providers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new ProviderServer(builder.Build());
        server.app.Run(context => server.AnswerAsync(context, providers));
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        web.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, IProvider[] providers)
    {
        var path = context.Request.Path.Value!;
        if (path == "/picture.png")
        {
            context.Response.ContentType = "image/png";
            await context.Response.Body.WriteAsync(Picture);
        }
        else if (path is "/calls" or "/hangups")
        {
            var counts = path == "/calls" ? calls : hangups;
            await context.Response.WriteAsync(counts.GetValueOrDefault(context.Request.Query["text"].ToString()).ToString(CultureInfo.InvariantCulture));
        }
        else if (providers.FirstOrDefault(provider => path.StartsWith($"/{provider.Root}/", StringComparison.Ordinal)) is { } asked)
        {
            await AnswerAsync(context, asked);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private async Task AnswerAsync(HttpContext context, IProvider provider)
    {
        Prompt? prompt = null;
        try
        {
            if (!HttpMethods.IsPost(context.Request.Method)) throw RejectedRequest.Invalid("method", "POST");
            if (context.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
                throw RejectedRequest.Invalid("Content-Type", "application/json");
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            prompt = provider.Read(context.Request, body.RootElement);
            Count(calls, prompt.UserText);
            if (prompt.Behaviour == Behaviour.RateLimited) throw new RejectedRequest(RequestFault.TooManyRequests, "model", "too many requests");
            if (prompt.Behaviour == Behaviour.MidstreamError && !prompt.Stream) throw new RejectedRequest(RequestFault.Overloaded, "model", "overloaded");
            await provider.WriteAsync(context, prompt, await SmallModel.AnswerAsync(prompt, web, context.RequestAborted));
        }
        catch (RejectedRequest rejection)
        {
            context.Response.ContentType = "application/json";
            await provider.WriteRejectionAsync(context, rejection);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The router hung up, as it should when its caller does.
            if (prompt is not null) Count(hangups, prompt.UserText);
        }
    }

    private static void Count(ConcurrentDictionary<string, int> counts, string text) => counts.AddOrUpdate(text, 1, static (_, count) => count + 1);
}

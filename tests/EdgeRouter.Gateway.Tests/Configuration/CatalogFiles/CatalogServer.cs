using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeRouter.Gateway.Tests.Configuration.CatalogFiles;

/// <summary>A web server on a free port that has one catalog file, with an ETag, and can be told to answer otherwise.</summary>
internal sealed class CatalogServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private volatile Answer answer = new("", null);

    private CatalogServer(WebApplication app) => this.app = app;

    /// <summary>Where the file is.</summary>
    public Uri Url => new(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/catalogs/own.json");

    /// <summary>Every request so far: its query and the headers that matter.</summary>
    public ConcurrentQueue<Asked> Requests { get; } = new();

    /// <summary>Instead of the file; null: the file.</summary>
    public Func<HttpContext, Task>? Otherwise { get; set; }

    public static async Task<CatalogServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var server = new CatalogServer(built);
        built.Run(server.AnswerAsync);
        await built.StartAsync();
        return server;
    }

    /// <summary>Puts another version there.</summary>
    /// <param name="json">What it holds.</param>
    /// <param name="tag">Its ETag; null: the server has none.</param>
    public void Put(string json, string? tag) => answer = new Answer(json, tag);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        Requests.Enqueue(new Asked(context.Request.QueryString.Value!, headers.IfNoneMatch, headers.Authorization, headers["x-ms-version"]));
        if (Otherwise is { } otherwise)
        {
            await otherwise(context);
            return;
        }
        var (json, tag) = answer;
        if (tag is not null) context.Response.Headers.ETag = tag;
        if (tag is not null && headers.IfNoneMatch == tag) context.Response.StatusCode = StatusCodes.Status304NotModified;
        else await context.Response.WriteAsync(json);
    }

    internal sealed record Asked(string Query, string? IfNoneMatch, string? Authorization, string? Version);

    private sealed record Answer(string Json, string? Tag);
}

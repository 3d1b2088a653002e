using System.Net;
using System.Net.Sockets;
using EdgeRouter.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeRouter.FunctionalTests.Stubs;

/// <summary>
/// A provider on a real socket of 127.0.0.1. It answers with what the test says and keeps every request. Well-formed answers go over Kestrel, the
/// others over a listener of its own.
/// </summary>
internal sealed class StubProvider : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<ProviderRequest> requests = [];
    private readonly CancellationTokenSource stop = new();
    private WebApplication? kestrel;
    private TcpListener? listener;
    private Socket? absence;
    private Task serving = Task.CompletedTask;

    private StubProvider(string slug, string dialect, ProviderAnswer answer)
    {
        Slug = slug;
        Dialect = dialect;
        Answer = answer;
    }

    public string Slug { get; }

    public string Dialect { get; }

    /// <summary>The router's credential here.</summary>
    public string ApiKey => $"sk-provider-{Slug}-0123456789abcdef";

    /// <summary>The provider's own name for every model.</summary>
    public string UpstreamModel => $"{Slug}-model-v1";

    public required string BaseUrl { get; set; }

    /// <summary>The answer; may change between requests, but not from one over HTTP to one over TCP.</summary>
    public ProviderAnswer Answer { get; set; }

    /// <summary>Requests so far, in order of arrival.</summary>
    public IReadOnlyList<ProviderRequest> Requests
    {
        get
        {
            lock (gate) return [.. requests];
        }
    }

    /// <summary>The only request that came.</summary>
    public ProviderRequest Request => Requests.Count == 1 ? Requests[0] : throw new InvalidOperationException($"{Slug} was called {Requests.Count} times.");

    public static async Task<StubProvider> StartAsync(string slug, ProviderAnswer answer, string dialect = "openai-chat")
    {
        var provider = new StubProvider(slug, dialect, answer) { BaseUrl = "" };
        if (answer.Raw is null) await provider.StartKestrelAsync();
        else provider.StartListener();
        return provider;
    }

    /// <summary>A provider that is not there: its port refuses connections.</summary>
    public static StubProvider Absent(string slug)
    {
        // Bound, so that nobody else gets the port, but never listening.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new StubProvider(slug, "openai-chat", ProviderAnswer.Silence) { BaseUrl = $"http://{socket.LocalEndPoint}/v1", absence = socket };
    }

    /// <summary>Waits until that many requests have come.</summary>
    public Task WaitForRequestsAsync(int count = 1) => Eventually.TrueAsync(() => Requests.Count >= count, $"{Slug} to get {count} requests");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener?.Stop();
        absence?.Dispose();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (kestrel is not null)
        {
            // Answers that hang on purpose are cut off, not waited for: the stop is given no time.
            await kestrel.StopAsync(stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await kestrel.DisposeAsync();
        }
        stop.Dispose();
    }

    private async Task StartKestrelAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        kestrel = builder.Build();
        kestrel.Run(ServeAsync);
        await kestrel.StartAsync();
        BaseUrl = kestrel.Urls.First() + BasePath;
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new ProviderRequest(context.Request.Method, context.Request.Path + context.Request.QueryString, headers, await reader.ReadToEndAsync());
        using var watch = context.RequestAborted.Register(request.NoteClosed);
        Note(request);
        try
        {
            await Answer.Http!(context, request);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The router hung up. The answer may hear of it before the watch does.
            request.NoteClosed();
        }
    }

    private void StartListener()
    {
        listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        BaseUrl = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}{BasePath}";
        serving = AcceptAsync(listener);
    }

    private async Task AcceptAsync(TcpListener accepting)
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await accepting.AcceptSocketAsync(stop.Token)));
        }
        finally
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        if (await RawConnection.ReadRequestAsync(socket, stop.Token) is not { } request) return;
        var raw = new RawConnection(socket, request);
        var watching = raw.WatchAsync();
        Note(request);
        await Answer.Raw!(raw).WaitAsync(stop.Token);
        raw.Close();
        await watching;
    }

    private void Note(ProviderRequest request)
    {
        lock (gate)
        {
            requests.Add(request);
            request.Number = requests.Count;
        }
    }

    private string BasePath => Dialect == "gemini" ? "/v1beta" : "/v1";
}

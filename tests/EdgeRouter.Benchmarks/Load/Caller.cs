using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>Calls a chat completions route over one connection, small body, one request after the other.</summary>
internal sealed class Caller : IDisposable
{
    public const string Key = "sk-benchmark-0123456789abcdef";
    public const string Model = "bench/one";

    private static readonly byte[] Body = Encoding.UTF8.GetBytes(
        "{\"model\":\"" + Model + "\",\"messages\":[{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"},{\"role\":\"user\","
            + "\"content\":\"Hello!\"}],\"temperature\":0.7}");

    private static readonly byte[] StreamBody = Encoding.UTF8.GetBytes(
        "{\"model\":\"" + Model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}],\"stream\":true,\"temperature\":0.7}");

    // Its tokens are sent one by one.
    private static readonly byte[] LongStreamBody = Encoding.UTF8.GetBytes(
        "{\"model\":\"" + Model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}],\"stream\":true,\"max_tokens\":1000}");

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false });
    private readonly Uri url;
    private readonly byte[] buffer = new byte[16 * 1024];

    public Caller(Uri server) => url = new Uri(server, "/v1/chat/completions");

    /// <summary>The role of a process: as many requests, one after the other; long streams all at once.</summary>
    public static async Task<int> RunAsync(Uri server, RequestKind kind, int requests)
    {
        if (kind == RequestKind.LongStream)
        {
            await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => ReadLongStreamAsync(server)));
            return 0;
        }
        using var caller = new Caller(server);
        for (var i = 0; i < requests; i++)
        {
            if (kind == RequestKind.Whole) await caller.CallAsync();
            else await caller.StreamAsync();
        }
        return 0;
    }

    public async Task CallAsync()
    {
        using var request = Post(Body);
        using var response = await http.SendAsync(request, CancellationToken.None);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
    }

    public async Task HealthAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, "/health"));
        using var response = await http.SendAsync(request, CancellationToken.None);
        await response.Content.ReadAsByteArrayAsync();
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Reads a stream. Returns when its first byte, its last event and the end of its body came, from the start of the request.</summary>
    public async Task<(TimeSpan First, TimeSpan Last, TimeSpan End)> StreamAsync()
    {
        var start = Stopwatch.GetTimestamp();
        using var request = Post(StreamBody);
        using var response = await http.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsStreamAsync();
        var (first, last) = (TimeSpan.Zero, TimeSpan.Zero);
        var length = 0;
        while (true)
        {
            var read = await body.ReadAsync(buffer.AsMemory(length));
            if (read == 0 && last == TimeSpan.Zero) throw new InvalidOperationException("The stream broke off.");
            if (read == 0) return (first, last, Stopwatch.GetElapsedTime(start));
            if (length == 0) first = Stopwatch.GetElapsedTime(start);
            length += read;
            if (last == TimeSpan.Zero && buffer.AsSpan(0, length).EndsWith("data: [DONE]\n\n"u8)) last = Stopwatch.GetElapsedTime(start);
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task ReadLongStreamAsync(Uri server)
    {
        using var caller = new Caller(server);
        using var request = caller.Post(LongStreamBody);
        using var response = await caller.http.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsStreamAsync();
        var isComplete = false;
        for (int read; (read = await body.ReadAsync(caller.buffer)) > 0;) isComplete = caller.buffer.AsSpan(0, read).EndsWith("data: [DONE]\n\n"u8);
        if (!isComplete) throw new InvalidOperationException("The stream broke off.");
    }

    private HttpRequestMessage Post(byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return request;
    }
}

/// <summary>A kind of request.</summary>
internal enum RequestKind
{
    /// <summary>A whole answer.</summary>
    Whole,

    /// <summary>A stream of one token.</summary>
    Stream,

    /// <summary>A stream of <see cref="StubUpstream.LongStreamTokens"/> tokens.</summary>
    LongStream,
}

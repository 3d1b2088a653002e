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

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseProxy = false });
    private readonly Uri url;

    public Caller(Uri server) => url = new Uri(server, "/v1/chat/completions");

    public static async Task<int> RunAsync(Uri server, int requests)
    {
        using var caller = new Caller(server);
        for (var i = 0; i < requests; i++) await caller.CallAsync();
        return 0;
    }

    public async Task CallAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var response = await http.SendAsync(request, CancellationToken.None);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
    }

    public void Dispose() => http.Dispose();
}

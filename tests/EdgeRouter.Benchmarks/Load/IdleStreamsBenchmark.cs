using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>Resident memory of the router that 2,000 streams add which have had their first token and now wait.</summary>
internal static class IdleStreamsBenchmark
{
    private const int Streams = 2000;
    private const int WarmUp = 200;

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"model\":\"" + Caller.Model
        + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}");

    public static async Task<int> RunAsync()
    {
        using var upstream = await ChildProcess.StartUpstreamAsync();
        using var catalog = new BenchmarkCatalog(upstream.Address);
        using var router = await ChildProcess.StartRouterAsync(catalog.Environment);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
        using (var warm = new Caller(router.Address))
            for (var i = 0; i < WarmUp; i++) await warm.CallAsync();
        // Streams too: what the compiler needs for their way is not what a stream holds.
        for (var i = 0; i < WarmUp; i++) (await OpenAsync(http, router.Address)).Dispose();
        var before = await router.SettledWorkingSetAsync();
        var streams = new List<HttpResponseMessage>();
        for (var i = 0; i < Streams; i++) streams.Add(await OpenAsync(http, router.Address));
        var after = await router.SettledWorkingSetAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Streams} idle streams: resident {before / 1048576.0:0.0} MB before,"
                + $" {after / 1048576.0:0.0} MB with them: {(after - before) / 1048576.0:0.0} MB added,"
                + $" {(after - before) / 1024.0 / Streams:0.0} KB a stream"));
        foreach (var stream in streams) stream.Dispose();
        return 0;
    }

    /// <summary>Opens a stream and reads its first token.</summary>
    private static async Task<HttpResponseMessage> OpenAsync(HttpClient http, Uri router)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(router, "/v1/chat/completions")) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Caller.Key);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var stream = await response.Content.ReadAsStreamAsync();
        if (await stream.ReadAsync(new byte[1024]) == 0) throw new InvalidOperationException("The stream ended.");
        return response;
    }
}

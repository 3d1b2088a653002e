using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.FunctionalTests.Metering;

/// <summary>
/// <c>kill -9</c> of the whole router. The guarantee: a request ends only when its record is durable, and a connection carries one request at a time.
/// So a caller knows that the record of an answer is safe as soon as the same connection begins to answer their next request, or, on a stream, as soon
/// as the HTTP message ends, since its last chunk is written after the request ended. Until then the answer may be complete in their hands and its
/// record lost: a whole answer's last byte is sent before its record is handed over.
/// </summary>
public sealed class KilledProcessTests
{
    private const int Rounds = 4;
    private const int Callers = 3;

    [Fact]
    public async Task Every_generation_whose_end_was_acknowledged_is_found_after_kill_9_at_a_random_moment()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1209);
        var safe = new List<string>();
        for (var round = 0; round <= Rounds; round++)
        {
            await using var router = await RouterProcess.StartAsync(folder.Path);
            var cost = 0m;
            foreach (var id in safe) cost += (await router.ReadAsync($"/api/v1/generation?id={id}"))["usage"]!.GetValue<decimal>();
            // Records that were not acknowledged may be in the sum; none that was may be missing.
            Assert.True((await router.ReadAsync("/api/v1/key"))["usage"]!.GetValue<decimal>() >= cost);
            if (round < Rounds) safe.AddRange(await RunAndKillAsync(router, killAfter: random.Next(5, 80)));
        }
        Assert.Equal(safe.Count, safe.Distinct(StringComparer.Ordinal).Count());
    }

    /// <summary>Ids of the generations that were safe when the process was killed, which happens while further requests are under way.</summary>
    private static async Task<List<string>> RunAndKillAsync(RouterProcess router, int killAfter)
    {
        var safe = new List<string>();
        void Acknowledge(string id)
        {
            lock (safe)
            {
                safe.Add(id);
                if (safe.Count == killAfter) router.Kill();
            }
        }
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallUntilDeadAsync(router, stream: caller == 0, Acknowledge)));
        Assert.True(safe.Count >= killAfter, "The process died before its time.");
        return safe;
    }

    private static async Task CallUntilDeadAsync(RouterProcess router, bool stream, Action<string> acknowledge)
    {
        using var client = router.CreateClient();
        string? previous = null;
        try
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, TestEnvironment.ChatPath)
                {
                    Content = new StringContent($"{{\"model\":\"scripted/echo\",\"stream\":{(stream ? "true" : "false")},{TestEnvironment.Messages}}}",
                        Encoding.UTF8, "application/json"),
                };
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                // The connection answers again: what it answered before has ended.
                if (previous is not null) acknowledge(previous);
                await response.Content.ReadAsByteArrayAsync();
                previous = response.Headers.GetValues("X-Generation-Id").Single();
                if (!stream) continue;
                acknowledge(previous);
                previous = null;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            // The process was killed.
        }
    }

    /// <summary>The router as an operator starts it: a process of its own, with a folder for its journal.</summary>
    private sealed class RouterProcess : IAsyncDisposable
    {
        private readonly Process process;
        private readonly Task draining;
        private readonly Uri address;

        private RouterProcess(Process process, Uri address)
        {
            this.process = process;
            this.address = address;
            draining = process.StandardOutput.ReadToEndAsync();
        }

        public static async Task<RouterProcess> StartAsync(string folder)
        {
            const string Listening = "listening on ";
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EdgeRouter.Local.dll"), "--port", "0"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                UseShellExecute = false,
                Environment =
                {
                    ["EdgeRouter__Storage"] = "file:" + Path.Combine(folder, "journal"),
                    ["EdgeRouter__Keys__Inference"] = RouterUnderTest.InferenceKey,
                    ["EdgeRouter__Keys__Management"] = RouterUnderTest.ManagementKey,
                },
            };
            var started = Process.Start(start)!;
            while (await started.StandardOutput.ReadLineAsync() is { } line)
                if (line.StartsWith(Listening, StringComparison.Ordinal)) return new RouterProcess(started, new Uri(line[Listening.Length..]));
            throw new InvalidOperationException("The router did not start.");
        }

        /// <summary>A client with one connection.</summary>
        public HttpClient CreateClient()
        {
            var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = address };
            client.DefaultRequestHeaders.Authorization = new("Bearer", RouterUnderTest.InferenceKey);
            return client;
        }

        public async Task<JsonNode> ReadAsync(string path)
        {
            using var client = CreateClient();
            using var response = await client.GetAsync(path);
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, $"{path}: {body}");
            return JsonNode.Parse(body)!["data"]!;
        }

        public void Kill() => process.Kill();

        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            await draining;
            process.Dispose();
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace EdgeRouter.Benchmarks.Load;

/// <summary>
/// Time from the start of the router's process to its first answer, and its resident memory then; with a further catalog file and every provider
/// switched on, if one is given: a file, or "synthetic" for one of 400 models and 1,500 endpoints.
/// </summary>
internal static class StartupBenchmark
{
    private const int Runs = 5;

    public static async Task<int> RunAsync(string? catalogFile)
    {
        using var synthetic = catalogFile == "synthetic" ? new SyntheticCatalog() : null;
        catalogFile = synthetic?.File ?? catalogFile;
        var folder = Directory.CreateTempSubdirectory("edgerouter-bench-").FullName;
        var environment = new List<(string, string)> { ("EdgeRouter__Storage", "file:" + folder) };
        if (catalogFile is not null) environment.Add(("EdgeRouter__Catalog__Files__0", Path.GetFullPath(catalogFile)));
        // Every customary key set, so that no row is skipped for want of a credential.
        foreach (var provider in Upstreams.Providers.ProviderTable.Read())
            if (provider is { Dialect: "openai-chat" or "anthropic-messages" or "gemini", Env: [var name, ..] }
                && provider.BaseUrl?.Contains('{', StringComparison.Ordinal) == false)
                environment.Add((name, "sk-benchmark"));
        var empty = await MeasureEmptyAsync();
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            using var router = await ChildProcess.StartRouterAsync([.. environment]);
            using var http = new HttpClient();
            (await http.GetAsync(new Uri(router.Address, "/health"))).EnsureSuccessStatusCode();
            var elapsed = Stopwatch.GetElapsedTime(start);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first answer after {elapsed.TotalMilliseconds:0} ms,"
                + $" resident {router.WorkingSet / 1048576.0:0.0} MB, {(router.WorkingSet - empty) / 1048576.0:0.0} MB more than an empty Kestrel"));
        }
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    /// <summary>Resident memory of a Kestrel with one handler after its first answer: what any server of this runtime holds.</summary>
    private static async Task<long> MeasureEmptyAsync()
    {
        using var server = await ChildProcess.StartUpstreamAsync();
        using var http = new HttpClient();
        (await http.GetAsync(server.Address)).EnsureSuccessStatusCode();
        return server.WorkingSet;
    }
}

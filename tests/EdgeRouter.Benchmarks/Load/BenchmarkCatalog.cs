namespace EdgeRouter.Benchmarks.Load;

/// <summary>Settings of a router whose only provider is the stub.</summary>
internal sealed class BenchmarkCatalog : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"edgerouter-bench-{Guid.NewGuid():N}.json");
    private readonly string folder = Directory.CreateTempSubdirectory("edgerouter-bench-").FullName;

    public BenchmarkCatalog(Uri upstream) => File.WriteAllText(file, $$"""
        {"providers":[{"slug":"stub","name":"Stub","dialect":"openai-chat","base_url":"{{upstream}}v1","auth":"bearer"}],
         "models":[{"id":"{{Caller.Model}}","name":"One","created":1760000000,"context_length":128000,"input_modalities":["text"],"output_modalities":["text"],
           "endpoints":[{"provider":"stub","tag":"stub","upstream_model":"m","context_length":128000,"max_completion_tokens":8192,
             "pricing":{"prompt":"0.000001","completion":"0.000002"},"supported_parameters":["temperature","max_tokens"]}]}]}
        """);

    /// <summary>
    /// With the store on disk. It does not wait for the disk: how long that takes says more about the machine than about the router.
    /// </summary>
    public (string Name, string Value)[] Environment =>
    [
        ("EdgeRouter__Catalog__Files__0", file), ("EdgeRouter__Keys__Inference", Caller.Key), ("EdgeRouter__Keys__Management", "sk-benchmark-management-0123"),
        ("EdgeRouter__Providers__stub__ApiKey", "sk-stub"), ("EdgeRouter__Storage", "file:" + folder), ("EdgeRouter__Store__FlushToDisk", "false"),
    ];

    public void Dispose()
    {
        File.Delete(file);
        Directory.Delete(folder, recursive: true);
    }
}

using EdgeRouter.Core.Catalog;
using EdgeRouter.Gateway.Configuration.CatalogFiles;
using EdgeRouter.Upstreams.Http;
using Microsoft.Extensions.Configuration;

namespace EdgeRouter.Gateway.Configuration;

/// <summary>Everything the operator can set, bound and checked once at start. Immutable.</summary>
public sealed record RouterSettings
{
    /// <summary>Region name in records.</summary>
    public required string Region { get; init; }

    /// <summary>Keys that the operator sets.</summary>
    public required KeySettings Keys { get; init; }

    /// <summary>Catalog files merged over the built-in one, in order: paths, and URLs whose query may be a credential.</summary>
    public IReadOnlyList<string> CatalogFiles { get; init; } = [];

    /// <summary>How often catalog files that are URLs are looked at.</summary>
    public TimeSpan CatalogRefresh { get; init; }

    /// <summary>Whether the scripted provider serves; null: the host's default.</summary>
    public bool? Scripted { get; init; }

    /// <summary>Credentials and overrides by provider slug.</summary>
    public IReadOnlyDictionary<string, ProviderSettings> Providers { get; init; } = new Dictionary<string, ProviderSettings>();

    /// <summary>Browser origins allowed.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Value of <c>Storage</c>; null: the host's default.</summary>
    public string? Storage { get; init; }

    /// <summary>Whether every commit is flushed to disk.</summary>
    public bool FlushToDisk { get; init; }

    /// <summary>Age in days at which generation records are deleted; 0: never.</summary>
    public int RetentionDays { get; init; }

    /// <summary>Value of <c>Export:Target</c>; null: money records are not exported.</summary>
    public string? ExportTarget { get; init; }

    /// <summary>Value of <c>UsageQueue</c>; null: the host's default.</summary>
    public string? UsageQueue { get; init; }

    /// <summary>Whether requests are served while their records cannot be stored.</summary>
    public bool ServesWithoutAccounting { get; init; }

    /// <summary>Routing.</summary>
    public required RoutingSettings Routing { get; init; }

    /// <summary>Limits of one request and of the instance.</summary>
    public required LimitSettings Limits { get; init; }

    /// <summary>Hedging.</summary>
    public required HedgingSettings Hedging { get; init; }

    /// <summary>Connections to providers.</summary>
    public required UpstreamOptions Upstreams { get; init; }

    /// <summary>Total credits that <c>GET /credits</c> shows, in USD, where the account has no limit.</summary>
    public decimal Credits { get; init; }

    /// <summary>Spending limits.</summary>
    public BudgetSettings Budgets { get; init; } = BudgetSettings.None;

    /// <summary>Settings of the host on Azure Functions.</summary>
    public AzureSettings Azure { get; init; } = new(null, null, null);

    /// <summary>Binds and checks the section <c>EdgeRouter</c>.</summary>
    /// <exception cref="SettingsException">Lists every fault.</exception>
    public static RouterSettings Read(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);
        var settings = Read(reader);
        reader.ThrowIfFaulty();
        return settings;
    }

    internal static RouterSettings Read(SettingsReader reader) =>
        Read(reader, reader.Text("Region", "region name shown in records", "local") ?? "local");

    private static RouterSettings Read(SettingsReader reader, string region) => new()
    {
        Region = region,
        CatalogFiles = ReadCatalogFiles(reader),
        CatalogRefresh = reader.Seconds("Catalog:RefreshSeconds", 30, 1, 86_400, "how often catalog files that are URLs are polled"),
        Keys = KeySettings.Read(reader),
        Scripted = reader.Text("Catalog:Scripted", "whether the scripted provider serves", "true on Local, else false", "true, false") is { } text
            ? ReadFlag(reader, "Catalog:Scripted", text) : null,
        Providers = ProviderSettingsReader.Read(reader),
        CorsOrigins = reader.List("Cors:Origins", "browser origins that may call the router (CORS)"),
        Storage = reader.Text("Storage", "where records, budgets and keys are stored: `memory` or `file:<folder>` on Local, "
            + "`tables:<account URL or connection string>` on Functions", "Local: `file:.edgerouter`; required on Functions"),
        FlushToDisk = reader.Flag("Store:FlushToDisk", true,
            "whether the embedded store flushes every commit to disk: `true` survives a power failure, `false` only a crash of the process"),
        RetentionDays = ReadRetention(reader),
        ExportTarget = reader.Text("Export:Target", "where the money records of each closed day are exported: `file:<folder>` on Local, "
            + "`blob:<https URL of a container>` on Functions; lost tables can be restored from there"),
        UsageQueue = reader.Text("UsageQueue", "where usage records are queued: `inprocess` on Local, "
            + "`servicebus:<namespace or connection string>` on Functions", "Local: `inprocess`; required on Functions"),
        ServesWithoutAccounting = reader.Word("Accounting:WhenUnavailable", ["refuse", "serve"],
            "what happens to requests while usage records cannot be stored (disk full, store unreachable): `refuse` them with 503, or `serve` them and keep "
            + "their records in memory, as long as there is room; what is in memory is lost if the process ends") == "serve",
        Credits = reader.Price("Credits", "total credits that `GET /api/v1/credits` shows, in USD, where the account has no limit") ?? 0,
        Budgets = BudgetSettings.Read(reader, region),
        Routing = RoutingSettings.Read(reader),
        Limits = LimitSettings.Read(reader),
        Hedging = HedgingSettings.Read(reader),
        Upstreams = UpstreamSettings.Read(reader),
        Azure = AzureSettings.Read(reader),
    };

    private static IReadOnlyList<string> ReadCatalogFiles(SettingsReader reader)
    {
        var files = reader.List("Catalog:Files", "catalog files, merged over the built-in catalog; later files win: paths, or https URLs such as a blob's");
        for (var i = 0; i < files.Count; i++)
            if (CatalogUrl.Is(files[i]) && !CatalogUrl.IsValid(files[i])) reader.Fault($"Catalog:Files:{i}", CatalogUrl.Expectation);
        return files;
    }

    private static int ReadRetention(SettingsReader reader)
    {
        const string Path = "Store:RetentionDays";
        const int MinDays = 30;
        var days = reader.Int(Path, 90, 0, 36_500,
            "days after which the records of single generations are deleted, at least 30; totals and budgets stay; 0: records are never deleted");
        // A record delivered again after it was deleted would be counted again, and roll-ups are checked against records for a week.
        if (days is > 0 and < MinDays) reader.Fault(Path, $"expected 0 or at least {MinDays}");
        return days;
    }

    private static bool? ReadFlag(SettingsReader reader, string path, string text)
    {
        if (bool.TryParse(text, out var value)) return value;
        reader.Fault(path, "expected true or false");
        return null;
    }
}

/// <summary>Routing settings.</summary>
/// <param name="DefaultModel">Model of requests that name no model.</param>
/// <param name="CeilingPrice">Assumed price of endpoints without one; null: they are not used.</param>
/// <param name="DataRegions">Regions in which all data must stay; null: anywhere.</param>
/// <param name="Resume">Whether another endpoint continues a stream whose provider fails; a request may override it.</param>
public sealed record RoutingSettings(string? DefaultModel, Pricing? CeilingPrice, IReadOnlyList<string>? DataRegions, bool Resume)
{
    internal static RoutingSettings Read(SettingsReader reader)
    {
        var model = reader.Text("Routing:DefaultModel", "model of requests that name no model");
        var prompt = reader.Price("Routing:CeilingPrice:Prompt",
            "assumed price per input token in USD of endpoints without a price; if not set, such endpoints are not used");
        var completion = reader.Price("Routing:CeilingPrice:Completion", "assumed price per output token in USD of endpoints without a price");
        if (prompt is null != completion is null) reader.Fault("Routing:CeilingPrice", "expected both Prompt and Completion, or neither");
        var regions = reader.List("Routing:DataRegions",
            "regions in which all data must stay, as the catalog names them, such as `eu`; endpoints in other or unknown regions are not used");
        var resume = reader.Flag("Routing:Resume", false, "whether a text stream whose provider fails is continued by another endpoint of the model "
            + "that can continue an assistant's message; `provider.resume` overrides it per request");
        return new RoutingSettings(model, prompt is { } input && completion is { } output ? new Pricing { Prompt = input, Completion = output } : null,
            regions.Count == 0 ? null : regions, resume);
    }
}

/// <summary>Limits of one request and of the instance.</summary>
public sealed record LimitSettings
{
    /// <summary>Largest request body in bytes.</summary>
    public required int MaxBodyBytes { get; init; }

    /// <summary>Largest number of concurrent requests on this instance.</summary>
    public required int MaxConcurrentRequests { get; init; }

    /// <summary>Largest total size of all request bodies in memory, in bytes.</summary>
    public required int MaxBodyBytesAtOnce { get; init; }

    /// <summary>Largest number of attempts per request.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>Longest wait for the first token of an attempt.</summary>
    public required TimeSpan FirstToken { get; init; }

    /// <summary>Longest silence inside a stream.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>Longest duration of a request.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>When a caller who waits for an answer that is not streamed gets 504; zero: never; null: the host decides.</summary>
    public TimeSpan? Platform { get; init; }

    /// <summary>Longest time that an answer is read on after its caller left; zero: none is.</summary>
    public required TimeSpan ReadOn { get; init; }

    /// <summary>Most answers that are read on at once on this instance.</summary>
    public required int ReadOnAtOnce { get; init; }

    /// <summary>Wait before response headers and between keep-alives on a silent stream.</summary>
    public required TimeSpan KeepAlive { get; init; }

    /// <summary>Longest time to receive a request's body.</summary>
    public required TimeSpan Upload { get; init; }

    /// <summary>Longest time that a caller may take to read a piece of an answer.</summary>
    public required TimeSpan Stall { get; init; }

    /// <summary>Longest Retry-After that a request waits for when no other endpoint is left.</summary>
    public required TimeSpan RetryAfter { get; init; }

    /// <summary>Largest single stream event in bytes.</summary>
    public required int MaxEventBytes { get; init; }

    internal static LimitSettings Read(SettingsReader reader) => new()
    {
        MaxBodyBytes = reader.Int("Limits:MaxBodyBytes", 32 * 1024 * 1024, 1024, 512 * 1024 * 1024, "largest request body in bytes; larger ones get 413"),
        MaxConcurrentRequests = reader.Int("Limits:MaxConcurrentRequests", 10_000, 1, 1_000_000, "concurrent requests per instance; more get 429"),
        MaxBodyBytesAtOnce = reader.Int("Limits:MaxBodyBytesAtOnce", 512 * 1024 * 1024, 64 * 1024, int.MaxValue,
            "largest total size of all request bodies in memory on this instance, in bytes; more get 429"),
        MaxAttempts = reader.Int("Limits:MaxAttempts", 6, 1, 6, "largest number of attempts per request, hedges included"),
        FirstToken = reader.Seconds("Limits:FirstTokenSeconds", 60, 0.1, 3600,
            "longest wait for the first token of one attempt of a stream, response headers included"),
        Idle = reader.Seconds("Limits:IdleSeconds", 60, 0.1, 3600, "longest silence inside a stream after the first token"),
        Total = reader.Seconds("Limits:TotalSeconds", 1800, 1, 86400, "longest duration of a request, all attempts included"),
        Platform = reader.OptionalSeconds("Limits:PlatformSeconds", "0 on Local, 225 on Functions", 0, 86400,
            "time after which an answer that is not streamed gets 504, shortly before the platform in front of the router would end the request "
            + "(Functions after 230 seconds, Front Door after 240); 0: never"),
        ReadOn = reader.Seconds("Limits:ReadOnSeconds", 300, 0, 3600,
            "how long the router keeps reading an answer after its caller left, for its usage alone, where the provider keeps generating; "
            + "an answer that is not read to its end is charged at the most that it may cost; 0: answers are not read on"),
        ReadOnAtOnce = reader.Int("Limits:ReadOnAtOnce", 100, 0, 100_000,
            "largest number of answers that this instance keeps reading after their callers left, half of them for one caller while another needs some; "
            + "what is not read is charged at the most that it may cost"),
        KeepAlive = reader.Seconds("Limits:KeepAliveSeconds", 10, 0.1, 200,
            "wait before the headers of a silent stream are sent, and between keep-alive comments on it"),
        Upload = reader.Seconds("Limits:UploadSeconds", 60, 1, 3600, "longest time to receive a request's body; a slower upload gets 408"),
        Stall = reader.Seconds("Limits:StallSeconds", 30, 2, 3600,
            "longest time that a caller may take to read a piece of an answer (64 KB, or one event); then the connection is closed"),
        RetryAfter = reader.Seconds("Limits:RetryAfterSeconds", 3, 0, 60,
            "longest Retry-After of a provider that a request waits for, to try it once more when no other endpoint is left; 0: never"),
        MaxEventBytes = reader.Int("Limits:MaxEventBytes", 16 * 1024 * 1024, 64 * 1024, 256 * 1024 * 1024,
            "largest single event in a provider's stream, in bytes"),
    };
}

/// <summary>Hedging: a second attempt in parallel to a silent one.</summary>
/// <param name="Enabled">Whether it is enabled.</param>
/// <param name="Delay">Silence after which the next candidate starts in parallel, when there is no learned delay.</param>
/// <param name="LeastDelay">Lower bound of the learned delay.</param>
/// <param name="Share">Share of the requests that may be hedged, 0 to 1.</param>
/// <param name="MaxPromptTokens">Estimated prompt tokens above which a request is not hedged.</param>
public sealed record HedgingSettings(bool Enabled, TimeSpan Delay, TimeSpan LeastDelay, double Share, int MaxPromptTokens)
{
    internal static HedgingSettings Read(SettingsReader reader) => new(
        reader.Flag("Hedging:Enabled", true,
            "whether a second attempt starts in parallel when an attempt is silent; the loser is cancelled and its cost recorded"),
        reader.Seconds("Hedging:DelaySeconds", 8, 0.05, 600, "silence after which the second attempt starts: for answers that are not streamed, "
            + "and for streams of an endpoint with fewer than 20 first tokens in 5 minutes; "
            + "otherwise a second attempt starts if no token arrives within the endpoint's p95 time to first token"),
        reader.Seconds("Hedging:LeastDelaySeconds", 0.5, 0.05, 600, "shortest delay before the second attempt of a stream starts"),
        reader.Int("Hedging:MaxPercent", 5, 0, 100,
            "largest percentage of requests that may be hedged, plus a burst of 5") / 100.0,
        reader.Int("Hedging:MaxPromptTokens", 32_000, 0, int.MaxValue, "estimated prompt tokens above which a request is not hedged"));
}

using System.Globalization;
using System.Text.Json;

namespace EdgeRouter.Emulators.FunctionsHost;

/// <summary>What this host reads of host.json.</summary>
/// <param name="RoutePrefix">First part of each route; "api" unless set.</param>
/// <param name="MaxMessageBatchSize">Messages per invocation of a batch trigger.</param>
/// <param name="FunctionTimeout">Longest that an invocation may take; infinite for -1.</param>
/// <param name="AutoCompleteMessages">Whether messages are settled by the outcome of the function, where its attribute does not say.</param>
internal sealed record HostJson(string RoutePrefix, int MaxMessageBatchSize, TimeSpan FunctionTimeout, bool AutoCompleteMessages)
{
    /// <summary>Of the plans that this app is for.</summary>
    private static readonly TimeSpan DefaultFunctionTimeout = TimeSpan.FromMinutes(30);

    public static HostJson Read(string appDirectory)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(appDirectory, "host.json")),
            new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var extensions = Member(document.RootElement, "extensions");
        var serviceBus = Member(extensions, "serviceBus");
        return new HostJson(
            Member(Member(extensions, "http"), "routePrefix")?.GetString() ?? "api",
            Member(serviceBus, "maxMessageBatchSize")?.GetInt32() ?? 1000,
            Timeout(Member(document.RootElement, "functionTimeout")?.GetString()),
            Member(serviceBus, "autoCompleteMessages")?.GetBoolean() ?? true);
    }

    private static TimeSpan Timeout(string? text) => text switch
    {
        null => DefaultFunctionTimeout,
        "-1" => System.Threading.Timeout.InfiniteTimeSpan,
        _ => TimeSpan.Parse(text, CultureInfo.InvariantCulture),
    };

    private static JsonElement? Member(JsonElement? parent, string name) => parent is { } element && element.TryGetProperty(name, out var value) ? value : null;
}

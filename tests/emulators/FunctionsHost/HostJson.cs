using System.Text.Json;

namespace EdgeRouter.Emulators.FunctionsHost;

/// <summary>What this host reads of host.json.</summary>
/// <param name="RoutePrefix">First part of each route; "api" unless set.</param>
/// <param name="MaxMessageBatchSize">Messages per invocation of a batch trigger.</param>
/// <param name="AutoCompleteMessages">Whether messages are settled by the outcome of the function, where its attribute does not say.</param>
internal sealed record HostJson(string RoutePrefix, int MaxMessageBatchSize, bool AutoCompleteMessages)
{
    public static HostJson Read(string appDirectory)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(appDirectory, "host.json")),
            new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var extensions = Member(document.RootElement, "extensions");
        var serviceBus = Member(extensions, "serviceBus");
        return new HostJson(
            Member(Member(extensions, "http"), "routePrefix")?.GetString() ?? "api",
            Member(serviceBus, "maxMessageBatchSize")?.GetInt32() ?? 1000,
            Member(serviceBus, "autoCompleteMessages")?.GetBoolean() ?? true);
    }

    private static JsonElement? Member(JsonElement? parent, string name) => parent is { } element && element.TryGetProperty(name, out var value) ? value : null;
}

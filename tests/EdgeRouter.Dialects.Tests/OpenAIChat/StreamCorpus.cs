using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

/// <summary>
/// The recorded shapes of providers' streams, each a file of server-sent events beside a file that says which canonical events it means. To accept
/// changed meanings, run the tests with EDGEROUTER_ACCEPT=1 and read the difference.
/// </summary>
internal static class StreamCorpus
{
    private static readonly string Folder = FindFolder();

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.sse").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".sse"));

    public static string Expected(string name, string actual)
    {
        var file = Path.Combine(Folder, name + ".expected");
        if (Environment.GetEnvironmentVariable("EDGEROUTER_ACCEPT") is not null) File.WriteAllText(file, actual);
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    /// <summary>One line for each event; text in JSON spelling.</summary>
    public static string Describe(StreamEvent streamEvent) => streamEvent switch
    {
        ResponseStarted e =>
            $"started id={Quote(e.UpstreamId)} model={Quote(e.UpstreamModel)} fingerprint={Quote(e.SystemFingerprint)} tier={Quote(e.ServiceTier)}",
        ChoiceStarted e => $"{e.Choice} role",
        PartStarted { Head: ToolCallPart call } e => $"{Part(e)} call id={Quote(call.Id)} name={Quote(call.Name)} arguments={Quote(call.Arguments)}",
        PartStarted { Head: ReasoningPart block } e => $"{Part(e)} begins reasoning {block.Kind}",
        PartStarted e => $"{Part(e)} begins {e.Head.GetType().Name}",
        PartEnded e => $"{Part(e)} ends",
        PartAdded { Content: ImagePart image } e => $"{Part(e)} image {image.Url} {image.Detail}".TrimEnd(),
        CitationsAdded e => $"{Part(e)} citations {string.Join(' ', e.Citations.Select(citation => citation.Json?.GetRawText()))}",
        TextDelta e => $"{Part(e)} text {Quote(e.Text)}{(e.Logprobs is { } logprobs ? " logprobs=" + logprobs.GetRawText() : "")}",
        ReasoningDelta e => $"{Part(e)} reasoning {Quote(e.Text)} {Describe(e.Block)}".TrimEnd(),
        RefusalDelta e => $"{Part(e)} refusal {Quote(e.Text)}",
        ToolCallDelta e => $"{Part(e)} call name={Quote(e.Name)} arguments={Quote(e.Arguments)}",
        ExtensionDelta e =>
            $"{e.Choice?.ToString(CultureInfo.InvariantCulture) ?? "chunk"} extension {Quote(e.Name)}={JsonSerializer.Serialize(e.Json.GetRawText())}",
        ChoiceFinished e => $"{e.Choice} finished {e.Reason} native={Quote(e.NativeReason)}",
        UsageReported e => "usage " + Describe(e.Usage),
        StreamFailed e => $"failed status={e.Error.Status} code={Quote(e.Error.Code)} type={Quote(e.Error.Type)} message={Quote(e.Error.Message)}",
        StreamCompleted => "completed",
        _ => throw new ArgumentException(streamEvent.GetType().Name, nameof(streamEvent)),
    };

    private static string Part(PartEvent e) => $"{e.Choice}.{e.Part}";

    private static string Describe(ReasoningPart? detail) => detail is null ? "" : detail.Kind == ReasoningKind.Other
        ? $"{{{detail.Json?.GetRawText()}}}"
        : $"{{{detail.Kind} text={Quote(detail.Text)} signature={Quote(detail.Signature)} data={Quote(detail.Data)} id={Quote(detail.Id)} "
            + $"format={Quote(detail.Format)} index={detail.Index}}}";

    private static string Describe(TokenUsage usage)
    {
        var text = new StringBuilder();
        foreach (var property in typeof(TokenUsage).GetProperties().Where(property => property.CanWrite))
            if (property.GetValue(usage) is { } value) text.Append(CultureInfo.InvariantCulture, $"{property.Name}={value} ");
        return text.ToString().TrimEnd();
    }

    private static string Quote(string? text)
    {
        if (text is null) return "null";
        return "\"" + Samples.Text(output => JsonStrings.Write(text, output)) + "\"";
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EdgeRouter.sln")))
                return Path.Combine(folder.FullName, "tests", "EdgeRouter.Dialects.Tests", "OpenAIChat", "StreamCorpus");
        throw new DirectoryNotFoundException("The tests must run inside the repository.");
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using EdgeRouter.Core.Catalog;
using EdgeRouter.TestSupport;

namespace EdgeRouter.FuzzTests;

/// <summary>
/// The files that are replayed first in every run and then changed: recorded requests and answers, and what a run found. Those of this project are in
/// its folder <c>Corpus</c>, by kind and by caller API or wire.
/// </summary>
internal static class FuzzCorpus
{
    public const string Requests = "Requests";
    public const string Streams = "Streams";
    public const string Answers = "Answers";
    public const string Cases = "Cases";

    private const string DialectTests = "tests/EdgeRouter.Dialects.Tests/";

    /// <summary>Folders of other projects that hold files of a kind, with the pattern of their names.</summary>
    private static readonly Dictionary<(string Kind, string Format), (string Folder, string Pattern)> Elsewhere = new()
    {
        [(Requests, "chat")] = (DialectTests + "OpenAIChat/Corpus", "*.json"),
        [(Streams, WireNames.OpenAIChat)] = (DialectTests + "OpenAIChat/StreamCorpus", "*.sse"),
        [(Streams, WireNames.AnthropicMessages)] = (DialectTests + "AnthropicMessages/Fixtures", "*.sse"),
        [(Answers, WireNames.AnthropicMessages)] = (DialectTests + "AnthropicMessages/Fixtures", "*.json"),
        [(Streams, WireNames.Gemini)] = (DialectTests + "Gemini/Fixtures", "*.sse"),
        [(Answers, WireNames.Gemini)] = (DialectTests + "Gemini/Fixtures", "*.json"),
        [(Streams, WireNames.BedrockConverse)] = (DialectTests + "BedrockConverse/Fixtures", "*.bin"),
        [(Answers, WireNames.BedrockConverse)] = (DialectTests + "BedrockConverse/Fixtures", "*.json"),
    };

    private static readonly ConcurrentDictionary<(string Kind, string Format), byte[][]> Seeds = new();

    /// <summary>The bytes of the files of a kind for a caller API or a wire, read once.</summary>
    public static byte[][] SeedsOf(string kind, string format) =>
        Seeds.GetOrAdd((kind, format), static key => [.. Read(key.Kind, key.Format).Select(file => file.Bytes)]);

    /// <summary>The files of a kind for a caller API or a wire.</summary>
    /// <exception cref="InvalidOperationException">There is none: a new format needs a first one.</exception>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Read(string kind, string format)
    {
        var files = new List<string>();
        if (Directory.Exists(Folder(kind, format))) files.AddRange(Directory.GetFiles(Folder(kind, format)));
        if (Elsewhere.TryGetValue((kind, format), out var other))
            files.AddRange(Directory.GetFiles(RepositoryRoot.Of(other.Folder.Split('/')), other.Pattern));
        if (files.Count == 0) throw new InvalidOperationException($"{Folder(kind, format)} must have at least one file to start from.");
        return [.. files.Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))];
    }

    /// <summary>Keeps what failed. Returns the file.</summary>
    public static string Save(string kind, string format, byte[] bytes, string extension)
    {
        Directory.CreateDirectory(Folder(kind, format));
        var file = Path.Combine(Folder(kind, format), $"found-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}.{extension}");
        File.WriteAllBytes(file, bytes);
        return Path.GetRelativePath(RepositoryRoot.Path, file);
    }

    private static string Folder(string kind, string format) => RepositoryRoot.Of("tests", "EdgeRouter.FuzzTests", "Corpus", kind, format);
}

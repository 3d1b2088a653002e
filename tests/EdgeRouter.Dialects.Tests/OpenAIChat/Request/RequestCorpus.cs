using System.Text;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

/// <summary>Bodies as clients send them, one per file of the corpus.</summary>
internal static class RequestCorpus
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "OpenAIChat", "Corpus");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
        .Order(StringComparer.Ordinal);

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name + ".json"));

    /// <summary>A body around one user message, with further members.</summary>
    public static byte[] WithMembers(string members) => Bytes($$"""{"messages":[{"role":"user","content":"Hi"}],{{members}}}""");

    /// <summary>A body of these messages.</summary>
    public static byte[] WithMessages(string messages) => Bytes($$"""{"model":"a/m","messages":[{{messages}}]}""");

    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}

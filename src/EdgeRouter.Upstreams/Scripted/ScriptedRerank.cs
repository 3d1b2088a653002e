using System.Text.Json;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// Reranking of the scripted provider: a document is the more relevant the nearer its vector is to the query's, see <see cref="ScriptedEmbeddings"/>. Pure.
/// </summary>
internal static class ScriptedRerank
{
    private const int Dimensions = 512;

    /// <summary>The answer to a body that was checked, in Jina's shape.</summary>
    /// <param name="body">The body.</param>
    /// <param name="results">How many results are asked for.</param>
    public static byte[] Rank(ReadOnlyMemory<byte> body, int results)
    {
        using var document = JsonDocument.Parse(body);
        var query = ScriptedEmbeddings.VectorOf(document.RootElement.GetProperty("query").GetString()!, Dimensions);
        var texts = document.RootElement.GetProperty("documents").EnumerateArray()
            .Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : one.GetRawText()).ToList();
        var ranked = texts.Select((text, index) => new { index, relevance_score = Nearness(query, ScriptedEmbeddings.VectorOf(text, Dimensions)) })
            .OrderByDescending(result => result.relevance_score).Take(results);
        return JsonSerializer.SerializeToUtf8Bytes(new { results = ranked, usage = new { total_tokens = texts.Sum(ScriptedUsage.TokensOf) } });
    }

    private static float Nearness(float[] one, float[] other)
    {
        var sum = 0f;
        for (var i = 0; i < one.Length; i++) sum += one[i] * other[i];
        return sum;
    }
}

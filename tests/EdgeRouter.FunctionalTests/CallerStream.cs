using System.Text.Json.Nodes;

namespace EdgeRouter.FunctionalTests;

/// <summary>A stream that the caller reads line by line. Disposing it before its end hangs up.</summary>
internal sealed class CallerStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private CallerStream(HttpResponseMessage response, StreamReader reader)
    {
        this.response = response;
        this.reader = reader;
    }

    public HttpResponseMessage Response => response;

    public string GenerationId => response.Headers.GetValues("X-Generation-Id").Single();

    public static async Task<CallerStream> OpenAsync(HttpResponseMessage response) =>
        new(response, new StreamReader(await response.Content.ReadAsStreamAsync()));

    /// <summary>The next line that is not empty; null: the stream has ended.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await reader.ReadLineAsync(patience.Token) is { } line)
            if (line.Length > 0) return line;
        return null;
    }

    /// <summary>Reads to the first line that fits; fails when the stream ends before.</summary>
    public async Task<string> ReadToAsync(Func<string, bool> fits)
    {
        while (await ReadLineAsync() is { } line)
            if (fits(line)) return line;
        throw new EndOfStreamException("The stream ended before the expected line.");
    }

    /// <summary>Reads to the first chunk with text in it.</summary>
    public Task<string> ReadToTextAsync(string text) =>
        ReadToAsync(line => line.StartsWith("data: {", StringComparison.Ordinal) && line.Contains($"\"content\":\"{text}\"", StringComparison.Ordinal));

    /// <summary>All lines to the end.</summary>
    public async Task<List<string>> ReadToEndAsync()
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { } line) lines.Add(line);
        return lines;
    }

    public static JsonNode ParseChunk(string line) => JsonNode.Parse(line["data: ".Length..])!;

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}

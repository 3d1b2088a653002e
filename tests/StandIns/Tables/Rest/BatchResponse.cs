using System.Globalization;
using System.Text;

namespace Azure.Data.Tables.Rest;

/// <summary>
/// Reads the answer to a transaction: a multipart/mixed body with one change set, one HTTP response per change, or a single one that says what
/// failed.
/// </summary>
internal static class BatchResponse
{
    /// <exception cref="FormatException">It is not such a body.</exception>
    public static IReadOnlyList<Response> Read(string contentType, ReadOnlyMemory<byte> body)
    {
        var responses = new List<Response>();
        foreach (var part in Parts(Encoding.UTF8.GetString(body.Span), Boundary(contentType)))
        {
            var (headers, content) = Split(part);
            var type = Header(headers, "Content-Type");
            if (type.StartsWith("multipart/mixed", StringComparison.OrdinalIgnoreCase))
                foreach (var change in Parts(content, Boundary(type))) responses.Add(ReadResponse(Split(change).Content));
            else responses.Add(ReadResponse(content));
        }
        return responses;
    }

    private static PartResponse ReadResponse(string text)
    {
        var (head, content) = Split(text);
        var words = head[0].Split(' ', 3);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/", StringComparison.Ordinal)
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new FormatException($"Expected a status line in the batch response, found '{head[0]}'.");
        return new PartResponse(status, words.Length > 2 ? words[2] : "", head.Skip(1).Select(Pair), Encoding.UTF8.GetBytes(content));
    }

    private static IEnumerable<string> Parts(string text, string boundary)
    {
        var pieces = text.Split("--" + boundary);
        // Before the first boundary is the preamble, after the closing one ("--") nothing.
        for (var i = 1; i < pieces.Length && !pieces[i].StartsWith("--", StringComparison.Ordinal); i++) yield return pieces[i].Trim('\r', '\n');
    }

    private static (string[] Head, string Content) Split(string part)
    {
        var end = part.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? (part.Split("\r\n"), "") : (part[..end].Split("\r\n"), part[(end + 4)..]);
    }

    private static string Header(string[] headers, string name) =>
        headers.Select(Pair).FirstOrDefault(pair => pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    private static KeyValuePair<string, string> Pair(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new(line, "") : new(line[..colon].Trim(), line[(colon + 1)..].Trim());
    }

    private static string Boundary(string contentType)
    {
        var start = contentType.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        return start < 0 ? throw new FormatException($"Expected a boundary in '{contentType}'.") : contentType[(start + 9)..].Split(';')[0].Trim().Trim('"');
    }
}

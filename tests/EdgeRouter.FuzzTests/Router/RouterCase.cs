using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeRouter.FuzzTests.Inputs;

namespace EdgeRouter.FuzzTests.Router;

/// <summary>
/// A request of a caller, and every byte that a provider answers to it. Kept in the corpus as JSON whose strings have a character for each byte.
/// </summary>
/// <param name="Path">Path that the caller posts to.</param>
/// <param name="Request">The caller's body.</param>
/// <param name="Answer">What the provider sends, piece by piece.</param>
/// <param name="End">How the provider ends.</param>
internal sealed record RouterCase(string Path, byte[] Request, IReadOnlyList<AnswerPiece> Answer, AnswerEnd End)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static RouterCase Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var pieces = root.GetProperty("answer").EnumerateArray()
            .Select(piece => new AnswerPiece(BytesIn(piece.GetProperty("bytes")), piece.GetProperty("pause").GetInt32()));
        return new RouterCase(root.GetProperty("path").GetString()!, BytesIn(root.GetProperty("request")), [.. pieces],
            Enum.Parse<AnswerEnd>(root.GetProperty("end").GetString()!));
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        path = Path,
        request = Encoding.Latin1.GetString(Request),
        answer = Answer.Select(piece => new { bytes = Encoding.Latin1.GetString(piece.Bytes), pause = piece.PauseMs }),
        end = End.ToString(),
    }, Indented);

    /// <summary>The case without something of the answer, then without something of the request.</summary>
    public IEnumerable<RouterCase> Smaller()
    {
        if (End != AnswerEnd.Close) yield return this with { End = AnswerEnd.Close };
        if (Answer.Any(piece => piece.PauseMs > 0)) yield return this with { Answer = [.. Answer.Select(piece => piece with { PauseMs = 0 })] };
        if (Answer.Count > 1)
        {
            yield return this with { Answer = [new AnswerPiece([.. Answer.SelectMany(piece => piece.Bytes)], 0)] };
            for (var i = 0; i < Answer.Count; i++) yield return this with { Answer = [.. Answer.Where((_, index) => index != i)] };
        }
        for (var i = 0; i < Answer.Count; i++)
            foreach (var bytes in Bytes.Smaller(Answer[i].Bytes))
                yield return this with { Answer = [.. Answer.Select((piece, index) => index == i ? piece with { Bytes = bytes } : piece)] };
        foreach (var request in Bytes.Smaller(Request)) yield return this with { Request = request };
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"POST {Path}\n  {Bytes.Show(Request)}\nprovider, then {End}:");
        foreach (var piece in Answer) text.Append(CultureInfo.InvariantCulture, $"\n  {piece.PauseMs} ms: {Bytes.Show(piece.Bytes)}");
        return text.ToString();
    }

    private static byte[] BytesIn(JsonElement value) => Encoding.Latin1.GetBytes(value.GetString()!);
}

/// <summary>Bytes of a provider, sent together.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="PauseMs">Milliseconds before them.</param>
internal sealed record AnswerPiece(byte[] Bytes, int PauseMs);

/// <summary>How a provider ends its connection after the last piece.</summary>
internal enum AnswerEnd
{
    /// <summary>In order.</summary>
    Close,

    /// <summary>With a TCP reset.</summary>
    Reset,

    /// <summary>Not before the router does.</summary>
    Hold,
}

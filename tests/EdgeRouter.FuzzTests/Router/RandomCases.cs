using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Tests.OpenAIChat.Request;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.FuzzTests.Inputs;

namespace EdgeRouter.FuzzTests.Router;

/// <summary>Draws cases: a request that is valid or was, and an answer of a wire that is good or was.</summary>
internal sealed class RandomCases(Random random)
{
    private static readonly int[] Statuses = [400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 529, 201, 204, 302, 99, 599];
    private static readonly string[] MediaTypes =
        ["text/html", "application/json; charset=utf-16", "text/event-stream; charset=utf-8", "TEXT/EVENT-STREAM", "application/octet-stream", "x"];

    private static readonly string[] Headers =
    [
        "Retry-After: 0", "Retry-After: 1", "Retry-After: 99999999999999", "Retry-After: Wed, 21 Oct 2055 07:28:00 GMT", "Retry-After: -5",
        "retry-after-ms: 1e300", "retry-after-ms: NaN",
        "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 6m0s", "x-ratelimit-remaining: -1\r\nx-ratelimit-reset: x",
        "Content-Encoding: gzip", "Set-Cookie: a=b", "X-Odd: \u00e9", "Location: http://127.0.0.1/", "Connection: close", "Trailer: x",
    ];

    public RouterCase Next()
    {
        var (api, wire) = Formats.Pairs[random.Next(Formats.Pairs.Count)];
        var streams = Formats.Streams(wire) && Chance(0.6);
        var answer = new List<byte[]>();
        var body = Body(wire, streams);
        Frame(wire, body, streams, answer);
        if (Chance(0.05)) answer[0] = new Mutator(random).Mutate(answer[0], answer);
        var pieces = answer.Select(bytes => new AnswerPiece(bytes, Chance(0.04) ? Chance(0.1) ? 1300 : random.Next(300) : 0));
        var end = random.Next(100) switch { < 8 => AnswerEnd.Reset, < 10 => AnswerEnd.Hold, _ => AnswerEnd.Close };
        return new RouterCase(PathOf(api), Request(api, wire, streams), [.. pieces], end);
    }

    private static string PathOf(ICallerApi api) => api.Paths[0].StartsWith('/') ? api.Paths[0] : "/api/v1/" + api.Paths[0];

    private byte[] Request(ICallerApi api, IProviderWire wire, bool streams)
    {
        var seeds = FuzzCorpus.SeedsOf(FuzzCorpus.Requests, api.Name);
        var seed = api.Name == "chat" && Chance(0.5) ? new RandomRequests(random).Next() : Pick(seeds);
        var request = Addressed(seed, wire, streams);
        return Chance(0.6) ? new Mutator(random).Mutate(request, seeds) : request;
    }

    /// <summary>The request with the model of the wire, and with no URL that leads anywhere.</summary>
    private byte[] Addressed(byte[] seed, IProviderWire wire, bool streams)
    {
        try
        {
            var json = JsonNode.Parse(seed)!.AsObject();
            foreach (var name in (string[])["model", "models", "provider", "stream", "plugins"]) json.Remove(name);
            json["model"] = Chance(0.15) ? FuzzedRouter.ModelOfAll : FuzzedRouter.ModelOf(wire);
            json["stream"] = streams;
            return Encoding.UTF8.GetBytes(json.ToJsonString().Replace("https://", "https://127.0.0.1/", StringComparison.Ordinal));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // A file of the corpus that is no JSON object, or has a member twice.
            return seed;
        }
    }

    private byte[] Body(IProviderWire wire, bool streams)
    {
        var kind = Formats.Streams(wire) && streams == Chance(0.95) ? FuzzCorpus.Streams : FuzzCorpus.Answers;
        var seeds = FuzzCorpus.SeedsOf(kind, wire.Name);
        return Chance(0.7) ? new Mutator(random).Mutate(Pick(seeds), seeds) : Pick(seeds);
    }

    /// <summary>Head, body and end of an HTTP message, most of the time in order.</summary>
    private void Frame(IProviderWire wire, byte[] body, bool streams, List<byte[]> answer)
    {
        var status = Chance(0.8) ? 200 : Pick(Statuses);
        var right = streams && status == 200 ? wire.Transport.Framing.MediaType : "application/json";
        var type = Chance(0.94) ? right : Pick(MediaTypes);
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\n") + (Chance(0.95) ? $"Content-Type: {type}\r\n" : "");
        if (Chance(0.1) || status is 429 or 503) head += Pick(Headers) + "\r\n";
        var chunked = Chance(0.6);
        if (chunked) head += "Transfer-Encoding: chunked\r\n";
        else if (Chance(0.6))
            head += string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length + (Chance(0.1) ? random.Next(-20, 20) : 0)}\r\n");
        answer.Add(Encoding.Latin1.GetBytes(head + "\r\n"));
        foreach (var piece in Bytes.Split(body, Chance(0.5) ? 0 : body.Length < 2000 ? random.Next(1, 1000) : random.Next(2, 1000)))
        {
            if (piece.Length == 0) continue;
            answer.Add(chunked ? [.. Bytes.Of($"{piece.Length:x}\r\n"), .. piece, .. "\r\n"u8] : piece);
        }
        if (chunked && Chance(0.93)) answer.Add(Bytes.Of("0\r\n\r\n"));
    }

    private bool Chance(double probability) => random.NextDouble() < probability;

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];
}

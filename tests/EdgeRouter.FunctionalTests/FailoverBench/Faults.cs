using EdgeRouter.FunctionalTests.Stubs;

namespace EdgeRouter.FunctionalTests.FailoverBench;

/// <summary>What a provider of the bench can do. Whole, its answer is 60 chunks; most faults strike after 40 of them.</summary>
internal static class Faults
{
    public const int Chunks = 60;
    public const int BeforeTheFault = 40;

    public static readonly string WholeText = Text(Chunks);

    /// <summary>Nothing wrong.</summary>
    public static readonly ProviderAnswer None = ProviderAnswer.ByMode(
        ProviderAnswer.Stream(Stream(Chunks, OpenAIWire.Stop, OpenAIWire.Usage, OpenAIWire.Done)), ProviderAnswer.Body(200, OpenAIWire.Whole(WholeText)));

    public static readonly ProviderAnswer RateLimited = OpenAIWire.Fails(429, "Rate limit reached for requests", "requests", "rate_limit_exceeded",
        ("Retry-After", "2"));

    public static readonly ProviderAnswer ServerError = OpenAIWire.Fails(500);

    public static readonly ProviderAnswer Unavailable = OpenAIWire.Fails(503, "The engine is currently overloaded, please try again later.");

    public static readonly ProviderAnswer Reset = ProviderAnswer.OverTcp(connection =>
    {
        connection.Reset();
        return Task.CompletedTask;
    });

    public static readonly ProviderAnswer CutShort = ProviderAnswer.OverTcp(async connection =>
    {
        if (connection.Request.WantsStream)
        {
            await connection.SendAsync(RawConnection.StreamHead);
            foreach (var piece in Stream(BeforeTheFault)) await connection.SendChunkAsync(piece);
            return;
        }
        var whole = OpenAIWire.Whole(WholeText);
        await connection.SendAsync(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {whole.Length}\r\n\r\n{whole[..(whole.Length * BeforeTheFault / Chunks)]}");
    });

    public static readonly ProviderAnswer MalformedChunk = ProviderAnswer.ByMode(
        ProviderAnswer.Stream(Stream(BeforeTheFault, "data: {\"id\":\"chatcmpl-B1\",\"choices\":[{\"index\":0,\"del\n\n", OpenAIWire.Stop, OpenAIWire.Usage,
            OpenAIWire.Done)),
        ProviderAnswer.Body(200, OpenAIWire.Whole(WholeText)[..300]));

    public static readonly ProviderAnswer NoTerminator = ProviderAnswer.ByMode(ProviderAnswer.Stream(Stream(Chunks, OpenAIWire.Stop, OpenAIWire.Usage)),
        ProviderAnswer.Body(200, OpenAIWire.Whole(WholeText)));

    public static readonly ProviderAnswer PromptTooLong = OpenAIWire.Fails(400, "This model's maximum context length is 4096 tokens.", "invalid_request_error",
        "context_length_exceeded");

    public static readonly ProviderAnswer ContentRefused = OpenAIWire.Fails(400, "Your request was rejected as a result of our safety system.",
        "invalid_request_error", "content_policy_violation");

    /// <summary>Falls silent in the middle, then goes on: streams after 3 s, whole answers after 30 s.</summary>
    public static readonly ProviderAnswer Stalls = ProviderAnswer.OverTcp(async connection =>
    {
        var whole = OpenAIWire.Whole(WholeText);
        if (!connection.Request.WantsStream)
        {
            var sent = whole.Length * BeforeTheFault / Chunks;
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {whole.Length}\r\n\r\n{whole[..sent]}");
            await Task.Delay(TimeSpan.FromSeconds(30));
            await connection.SendAsync(whole[sent..]);
            return;
        }
        var pieces = Stream(Chunks, OpenAIWire.Stop, OpenAIWire.Usage, OpenAIWire.Done);
        await connection.SendAsync(RawConnection.StreamHead);
        for (var i = 0; i < pieces.Length; i++)
        {
            if (i == BeforeTheFault) await Task.Delay(TimeSpan.FromSeconds(3));
            await connection.SendChunkAsync(pieces[i]);
        }
        await connection.EndAsync();
    });

    /// <summary>Takes no conversation that ends with half an answer for it to go on with.</summary>
    public static readonly ProviderAnswer RejectsPrefill = ProviderAnswer.OverHttp((context, request) =>
        (request.Json["messages"]!.AsArray()[^1]!["role"]!.GetValue<string>() == "assistant"
            ? OpenAIWire.Fails(400, "This model does not support assistant message prefill.", "invalid_request_error")
            : None).Http!(context, request));

    /// <summary>A fault that strikes the first request only.</summary>
    public static ProviderAnswer Once(ProviderAnswer fault) =>
        ProviderAnswer.OverHttp((context, request) => (request.Number == 1 ? fault : None).Http!(context, request));

    private static string[] Stream(int chunks, params string[] end) => [.. Enumerable.Range(0, chunks).Select(i => OpenAIWire.Text(Chunk(i))), .. end];

    private static string Text(int chunks) => string.Concat(Enumerable.Range(0, chunks).Select(Chunk));

    private static string Chunk(int number) => $"t{number} ";
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Metering;
using EdgeRouter.FuzzTests.Parts;
using EdgeRouter.TestSupport;
using Xunit;
using Xunit.Sdk;

namespace EdgeRouter.FuzzTests.Router;

/// <summary>What must hold after every case, whatever came from either side.</summary>
internal static class CaseCheck
{
    /// <summary>A request takes 5 s at most, the end of its stream 3 s more; the rest is for a machine that does other things too.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(25);

    public static async Task RunAsync(FuzzedRouter router, RouterCase given)
    {
        try
        {
            await AssertAsync(router, given);
        }
        catch (Exception fault)
        {
            throw new XunitException($"{fault.Message}\nLogged last:\n{string.Join('\n', router.Logs.Lines)}\n", fault);
        }
    }

    private static async Task AssertAsync(FuzzedRouter router, RouterCase given)
    {
        var records = router.Records.Count;
        var received = router.Provider.Received;
        router.Provider.Case = given;
        using var deadline = new CancellationTokenSource(Deadline);
        using var answer = await PostAsync(router, given, deadline.Token);
        var body = await answer.Content.ReadAsByteArrayAsync(deadline.Token);

        var status = (int)answer.StatusCode;
        AssertAnswer(given.Path.EndsWith("/messages", StringComparison.Ordinal), answer.Content.Headers.ContentType?.MediaType, status, body);
        if (given.Request.Length > FuzzedRouter.MaxBodyBytes)
        {
            // Refused at the door: it is no generation.
            Assert.Equal((413, records, received), (status, router.Records.Count, router.Provider.Received));
            return;
        }
        await Eventually.TrueAsync(() => router.Records.Count > records, "the record to be handed over");
        var record = Assert.Single(router.Records.Skip(records));
        Assert.Equal((answer.Headers.GetValues("X-Generation-Id").Single(), status), (record.Id, record.Status));
        AssertAttempts(record, router.Provider.Received - received);
        AssertBlame(given, status, record);
        await router.AssertSettledAsync();
        Assert.Empty(router.Logs.Errors);
    }

    /// <summary>
    /// Asks once more when the connection was closed before its first byte: HTTP lets a server close one that is not in use at any time. Had the router seen
    /// the first request, there would be two records.
    /// </summary>
    private static async Task<HttpResponseMessage> PostAsync(FuzzedRouter router, RouterCase given, CancellationToken deadline)
    {
        try
        {
            return await SendAsync();
        }
        catch (HttpRequestException closed) when (closed.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            Console.WriteLine($"fuzz: router: a connection was closed before it was used again. Logged last:\n{string.Join('\n', router.Logs.Lines)}");
            return await SendAsync();
        }

        async Task<HttpResponseMessage> SendAsync()
        {
            using var content = new ByteArrayContent(given.Request) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            return await router.Client.PostAsync(given.Path, content, deadline);
        }
    }

    /// <summary>A whole answer is JSON; a stream ends with its terminator or with an error, never with both and never with neither.</summary>
    private static void AssertAnswer(bool isMessages, string? mediaType, int status, byte[] body)
    {
        if (mediaType == "text/event-stream")
        {
            Assert.Equal(200, status);
            Assert.NotEqual(StreamEnd.None, EventsCheck.AssertEvents(Encoding.UTF8.GetString(body)));
            return;
        }
        Assert.Equal("application/json", mediaType);
        var json = JsonCheck.AssertJson(body);
        Assert.Equal(status != 200, json.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object);
        if (status != 200 && !isMessages) Assert.Equal(status, error.GetProperty("code").GetInt32());
        if (status == 200 && isMessages) new MessagesClient().TakeWhole(json);
        // The list of what each API answers with.
        else if (status == 200)
            Assert.Contains(json.EnumerateObject(),
                static member => member.Name is "choices" or "data" or "results" && member.Value.ValueKind == JsonValueKind.Array);
    }

    /// <summary>
    /// Each request that reached the provider is an attempt of the record. The other way round not: a connection may break before the request arrives, and
    /// breakers, waits and the retry budget end attempts that were not sent.
    /// </summary>
    private static void AssertAttempts(GenerationRecord record, int received)
    {
        var told = string.Join(", ", record.Attempts.Select(attempt => $"{attempt.Outcome} {attempt.Status}"));
        var sent = record.Attempts.Count(attempt => attempt.Outcome != "refused");
        Assert.True(received <= sent, $"{received} requests arrived; the record's attempts: {told}");
        if (record.ErrorType is null) Assert.NotEqual(0, received);
    }

    /// <summary>A request that no parser takes is its caller's fault, and so is one that was refused before a provider was called.</summary>
    private static void AssertBlame(RouterCase given, int status, GenerationRecord record)
    {
        if (!JsonCheck.IsJson(given.Request) || record.Attempts.Count == 0) Assert.InRange(status, 400, 499);
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Metering;
using EdgeRouter.FunctionalTests;
using EdgeRouter.FuzzTests.Parts;
using Xunit;

namespace EdgeRouter.FuzzTests.Router;

/// <summary>What must hold after every case, whatever came from either side.</summary>
internal static class CaseCheck
{
    /// <summary>A request takes 5 s at most, the end of its stream 3 s more; the rest is for a machine that does other things too.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(25);

    public static async Task RunAsync(FuzzedRouter router, RouterCase given)
    {
        var records = router.Records.Count;
        var received = router.Provider.Received;
        router.Provider.Case = given;
        using var deadline = new CancellationTokenSource(Deadline);
        using var content = new ByteArrayContent(given.Request) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await router.Client.PostAsync(given.Path, content, deadline.Token);
        var body = await answer.Content.ReadAsByteArrayAsync(deadline.Token);

        var status = (int)answer.StatusCode;
        AssertAnswer(answer.Content.Headers.ContentType?.MediaType, status, body);
        if (given.Request.Length > FuzzedRouter.MaxBodyBytes)
        {
            // Refused at the door: it is no generation.
            Assert.Equal((413, records, received), (status, router.Records.Count, router.Provider.Received));
            return;
        }
        await Eventually.HoldsAsync(() => router.Records.Count > records, "the record is handed over");
        var record = Assert.Single(router.Records.Skip(records));
        Assert.Equal((answer.Headers.GetValues("X-Generation-Id").Single(), status), (record.Id, record.Status));
        AssertAttempts(record, router.Provider.Received - received);
        AssertBlame(given, status, record);
        await router.AssertSettledAsync();
        Assert.Empty(router.Errors);
    }

    /// <summary>A whole answer is JSON; a stream ends with its terminator or with an error, never with both and never with neither.</summary>
    private static void AssertAnswer(string? mediaType, int status, byte[] body)
    {
        if (mediaType == "text/event-stream")
        {
            var text = Encoding.UTF8.GetString(body);
            Assert.Equal(200, status);
            Assert.NotEqual(JsonCheck.AssertEvents(text), LastEvent(text).TryGetProperty("error", out _));
            return;
        }
        Assert.Equal("application/json", mediaType);
        var json = JsonCheck.AssertJson(body);
        if (status == 200)
        {
            // The list of what each API answers with.
            Assert.Contains(json.EnumerateObject(), static member => member.Name is "choices" or "content" or "data" or "results"
                && member.Value.ValueKind == JsonValueKind.Array);
        }
        else Assert.Equal(status, json.GetProperty("error").GetProperty("code").GetInt32());
    }

    private static JsonElement LastEvent(string text)
    {
        var last = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).LastOrDefault(frame => frame.StartsWith("data: {", StringComparison.Ordinal));
        return last is null ? JsonSerializer.SerializeToElement(new object()) : JsonCheck.AssertJson(Encoding.UTF8.GetBytes(last["data: ".Length..]));
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

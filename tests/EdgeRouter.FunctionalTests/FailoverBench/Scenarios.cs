using System.Text.Json.Nodes;
using EdgeRouter.FunctionalTests.Stubs;

namespace EdgeRouter.FunctionalTests.FailoverBench;

/// <summary>
/// The 16 faults of FailoverBench, re-created from its published description, and the first once more for a model that one provider alone serves. The
/// router runs on its own settings; only the silence within a stream is shorter than the bench's (S09: 3 s instead of 30, both far below the 120 s
/// that the router allows), and waits between requests (S01, S15) are told by a virtual clock.
/// </summary>
internal static class Scenarios
{
    private const string ByFallback = "answered by the fallback";
    private const string ByPrimary = "answered by the primary";
    private const string HonestEnd = "40 chunks, then an error event";

    public static readonly IReadOnlyList<Scenario> All =
    [
        new("S01", "429 with Retry-After: 2", Faults.RateLimited)
        {
            VirtualClock = true,
            Script = AskAgainAsTheProviderWished,
            Stream = new((2, 2), $"2 × {ByFallback}, {ByPrimary}"),
            Whole = new((2, 2), $"2 × {ByFallback}, {ByPrimary}"),
        },
        new("S01 alone", "the same, once, without a fallback", Faults.Once(Faults.RateLimited))
        {
            Fallback = null,
            Script = async run =>
            {
                await run.AskAsync();
                run.AssertGapOfAtLeast(TimeSpan.FromSeconds(1.8));
            },
            Stream = new((2, 0), ByPrimary),
            Whole = new((2, 0), ByPrimary),
        },
        new("S02", "429 for ever", Faults.RateLimited)
        {
            VirtualClock = true,
            Script = run => run.AskAsync(10),
            Stream = new((1, 10), $"10 × {ByFallback}"),
            Whole = new((1, 10), $"10 × {ByFallback}"),
        },
        new("S03", "one 500", Faults.ServerError)
        {
            Script = AskOnceMoreAfterTheFault,
            Stream = new((2, 1), $"{ByFallback}, {ByPrimary}"),
            Whole = new((2, 1), $"{ByFallback}, {ByPrimary}"),
        },
        new("S04", "503", Faults.Unavailable) { Stream = new((1, 1), ByFallback), Whole = new((1, 1), ByFallback) },
        new("S05", "TCP reset", Faults.Reset) { Stream = new((1, 1), ByFallback), Whole = new((1, 1), ByFallback) },
        new("S06", "no response", ProviderAnswer.Silence) { Stream = new((1, 1), ByFallback), Whole = new((1, 1), ByFallback) },
        new("S07", "20 s to the first token", Faults.None.After(TimeSpan.FromSeconds(20))) { Stream = new((1, 1), ByFallback),
            Whole = new((1, 1), ByFallback) },
        new("S08", "cut after 40 of 60 chunks", Faults.CutShort) { Stream = new((1, 0), HonestEnd), Whole = new((1, 1), ByFallback) },
        new("S09", "silent for 30 s after 40 of 60 chunks", Faults.Stalls) { Stream = new((1, 0), ByPrimary), Whole = new((1, 1), ByFallback) },
        new("S10", "malformed chunk after 40 of 60", Faults.MalformedChunk) { Stream = new((1, 0), HonestEnd), Whole = new((1, 1), ByFallback) },
        new("S11", "no [DONE] after a finish reason", Faults.NoTerminator) { Stream = new((1, 0), ByPrimary) },
        new("S12", "400: the context is too long", Faults.PromptTooLong)
        {
            PrimaryEndpoint = new JsonObject { ["context_length"] = 4096 },
            Stream = new((1, 1), ByFallback),
            Whole = new((1, 1), ByFallback),
        },
        new("S13", "400: content filter", Faults.ContentRefused) { Stream = new((1, 0), "error 400 content_policy_violation"),
            Whole = new((1, 0), "error 400 content_policy_violation") },
        new("S14", "cut after 40 of 60 chunks, and the fallback rejects a prefill", Faults.CutShort)
        {
            Fallback = Faults.RejectsPrefill,
            Stream = new((1, 0), HonestEnd),
            Whole = new((1, 1), ByFallback),
        },
        new("S15", "flapping for 60 s, 20 requests", Faults.None)
        {
            VirtualClock = true,
            Script = AskThroughFlapping,
            Stream = new((12, 19), "26 of 26 answered"),
            Whole = new((12, 19), "26 of 26 answered"),
        },
        new("S16", "accounting after failover", Faults.ServerError) { Stream = new((1, 1), ByFallback), Whole = new((1, 1), ByFallback) },
    ];

    private static async Task AskAgainAsTheProviderWished(ScenarioRun run)
    {
        await run.AskAsync();
        run.Primary.Answer = Faults.None;
        run.Advance(TimeSpan.FromSeconds(1.8));
        await run.AskAsync();
        run.Advance(TimeSpan.FromSeconds(0.3));
        await run.AskAsync();
    }

    private static async Task AskOnceMoreAfterTheFault(ScenarioRun run)
    {
        await run.AskAsync();
        run.Primary.Answer = Faults.None;
        await run.AskAsync();
    }

    /// <summary>Down for 10 s and up for 10 s, three times; a request every 3 s. Then up for good: the primary must serve again within 30 s.</summary>
    private static async Task AskThroughFlapping(ScenarioRun run)
    {
        for (var second = 0; second < 60; second += 3)
        {
            run.Primary.Answer = second / 10 % 2 == 0 ? Faults.Unavailable : Faults.None;
            await run.AskAsync();
            run.Advance(TimeSpan.FromSeconds(3));
        }
        run.Primary.Answer = Faults.None;
        await run.AskUntilPrimaryServesAsync(TimeSpan.FromSeconds(30));
    }
}

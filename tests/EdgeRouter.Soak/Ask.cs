using System.Globalization;
using System.Text;

namespace EdgeRouter.Soak;

/// <summary>A request of a caller, and what became of it as far as the caller knows.</summary>
/// <param name="session">Names it in the provider's count and in the record.</param>
/// <param name="life">Number of the router's process that it was sent to.</param>
/// <param name="kind">What it asks for.</param>
internal sealed class Ask(string session, int life, AskKind kind)
{
    public const int MaxTokens = 300;
    private const decimal PromptPrice = 0.000001m;
    private const decimal CompletionPrice = 0.000002m;

    public string Session => session;

    public int Life => life;

    public AskKind Kind => kind;

    public bool IsStream => kind is AskKind.Stream or AskKind.LeaveStream or AskKind.StallReading or AskKind.ResetMidway or AskKind.StallMidway;

    /// <summary>Id of the generation; null: no headers came.</summary>
    public string? GenerationId { get; set; }

    /// <summary>The answer was read to its end.</summary>
    public bool Ended { get; set; }

    /// <summary>The caller knows that the record is kept: its stream has ended, or the connection has begun the next answer.</summary>
    public bool Safe { get; set; }

    /// <summary>The request's body.</summary>
    public byte[] Body => Encoding.UTF8.GetBytes(kind == AskKind.NotJson ? "{\"model\":" : string.Create(CultureInfo.InvariantCulture,
        $"{{\"model\":\"{(kind == AskKind.UnknownModel ? "soak/none" : "soak/one")}\",\"stream\":{(IsStream ? "true" : "false")},\"max_tokens\":{MaxTokens},"
            + $"\"session_id\":\"{session}\",\"messages\":[{{\"role\":\"user\",\"content\":\"soak {session} {kind}\"}}]}}"));

    /// <summary>The most that the request may cost: what is held for each of two attempts.</summary>
    public decimal Most => 2 * ((Body.Length + 2048) * PromptPrice + MaxTokens * CompletionPrice);

    /// <summary>The cost of what a provider says it answered.</summary>
    public static decimal Cost(long prompt, long completion) => prompt * PromptPrice + completion * CompletionPrice;
}

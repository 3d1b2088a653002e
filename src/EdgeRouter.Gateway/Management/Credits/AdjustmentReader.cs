using System.Text.Json;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Gateway.Management.Credits;

/// <summary>Reads the body of <c>POST /credits/adjustments</c>. Every fault is a 400 that names the member. Stateless.</summary>
internal static class AdjustmentReader
{
    private const decimal Most = 1_000_000m;
    private const int LongestReason = 500;
    private const int LongestKey = 200;
    private const int HashLength = 64;
    private const string Expected =
        "required; expected USD as a number, not 0, at most 1000000 either way, with at most 9 decimals: positive charges, negative refunds";

    /// <summary>Reads it.</summary>
    /// <param name="body">The body.</param>
    /// <param name="now">When the adjustment is made.</param>
    /// <exception cref="RouterException">400.</exception>
    public static UsageAdjustment Read(ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        try
        {
            return Read(new Utf8JsonReader(body), now);
        }
        catch (JsonException)
        {
            throw Fault("body", "expected a JSON object");
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json has no other exception for a text that is no Unicode.
            throw Fault("body", "expected text in Unicode");
        }
    }

    private static UsageAdjustment Read(Utf8JsonReader reader, DateTimeOffset now)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? keyHash = null, reason = null, idempotencyKey = null;
        decimal? amount = null;
        var account = false;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Fault("body", "expected a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!seen.Add(name)) throw Fault(name, "must not be given twice");
            reader.Read();
            switch (name)
            {
                case "key_hash": keyHash = Hash(ref reader); break;
                case "account":
                    account = reader.TokenType == JsonTokenType.True ? true : throw Fault(name, "expected true, or key_hash in its place");
                    break;
                case "amount": amount = Amount(ref reader); break;
                case "reason": reason = Text(ref reader, name, LongestReason); break;
                case "idempotency_key": idempotencyKey = Text(ref reader, name, LongestKey); break;
                default: throw Fault(name, "unknown; expected key_hash or account, amount, reason and idempotency_key");
            }
        }
        // What follows the object would be an error of the JSON.
        reader.Read();
        if (keyHash is null != account) throw Fault("key_hash", "expected either key_hash, or account: true");
        return new UsageAdjustment(
            idempotencyKey ?? throw Fault("idempotency_key", $"required; expected 1 to {LongestKey} characters"),
            keyHash,
            NanoDollars.FromDollars(amount ?? throw Fault("amount", Expected)),
            reason ?? throw Fault("reason", $"required; expected 1 to {LongestReason} characters"),
            now);
    }

    private static decimal Amount(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var amount)) throw Fault("amount", Expected);
        return amount != 0 && Math.Abs(amount) <= Most && decimal.Round(amount, 9) == amount ? amount : throw Fault("amount", Expected);
    }

    private static string Hash(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: HashLength } hash && hash.All(char.IsAsciiHexDigit))
            return hash.ToLowerInvariant();
        throw Fault("key_hash", $"expected the SHA-256 of a key, {HashLength} hexadecimal digits");
    }

    private static string Text(ref Utf8JsonReader reader, string name, int longest)
    {
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && text.Length <= longest && !string.IsNullOrWhiteSpace(text))
            return text;
        throw Fault(name, $"required; expected 1 to {longest} characters");
    }

    private static RouterException Fault(string field, string expected) => new(RouterError.InvalidField(field, expected));
}

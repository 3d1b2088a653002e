using System.Text.Json;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Gateway.Management.Credits;

/// <summary>Reads the body of <c>POST /credits/adjustments</c>. Every fault is a 400 that names the member. Stateless.</summary>
internal static class AdjustmentReader
{
    private const decimal Most = 1_000_000m;
    private const int MaxReasonLength = 500;
    private const int MaxKeyLength = 200;
    private const int MaxRegionLength = 100;
    private const int HashLength = 64;
    private const string Expected =
        "required; expected USD as a number, not 0, at most 1000000 either way, with at most 9 decimals: positive charges, negative refunds";

    /// <summary>Reads it.</summary>
    /// <param name="body">The body.</param>
    /// <exception cref="RouterException">400.</exception>
    public static AdjustmentOrder Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return Read(new Utf8JsonReader(body));
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

    private static AdjustmentOrder Read(Utf8JsonReader reader)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? keyHash = null, reason = null, idempotencyKey = null, region = null;
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
                case "reason": reason = Text(ref reader, name, MaxReasonLength); break;
                case "idempotency_key": idempotencyKey = Text(ref reader, name, MaxKeyLength); break;
                case "region": region = Text(ref reader, name, MaxRegionLength); break;
                default: throw Fault(name, "unknown; expected key_hash or account, amount, reason, idempotency_key and region");
            }
        }
        // What follows the object would be an error of the JSON.
        reader.Read();
        if (keyHash is null != account) throw Fault("key_hash", "expected either key_hash, or account: true");
        return new AdjustmentOrder(
            idempotencyKey ?? throw Fault("idempotency_key", $"required; expected 1 to {MaxKeyLength} characters"),
            keyHash,
            NanoDollars.FromDollars(amount ?? throw Fault("amount", Expected)),
            reason ?? throw Fault("reason", $"required; expected 1 to {MaxReasonLength} characters"),
            region);
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

/// <summary>The body of <c>POST /credits/adjustments</c>.</summary>
/// <param name="IdempotencyKey">Name of the adjustment.</param>
/// <param name="KeyHash">SHA-256 of the key, lower-case hex; null: the account.</param>
/// <param name="Amount">What is added to what was spent.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Region">The region whose ledger is meant; null: not said.</param>
internal sealed record AdjustmentOrder(string IdempotencyKey, string? KeyHash, NanoDollars Amount, string Reason, string? Region);

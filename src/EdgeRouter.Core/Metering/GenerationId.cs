using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeRouter.Core.Metering;

/// <summary>
/// Id of a generation: <c>gen-&lt;unix seconds&gt;-&lt;2 letters of shard&gt;&lt;18 random letters&gt;</c>. It carries its time and shard, so that
/// the record is a point read.
/// </summary>
public static class GenerationId
{
    /// <summary>Number of shards that writes are spread over.</summary>
    public const int Shards = 16;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int RandomLength = 18;

    /// <summary>Makes an id for a request that arrived at <paramref name="time"/>.</summary>
    public static string Create(DateTimeOffset time, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<char> letters = stackalloc char[RandomLength];
        for (var i = 0; i < letters.Length; i++) letters[i] = Alphabet[random.Next(Alphabet.Length)];
        var shard = random.Next(Shards);
        return string.Create(CultureInfo.InvariantCulture, $"gen-{time.ToUnixTimeSeconds()}-{(char)('A' + shard / 4)}{(char)('A' + shard % 4)}{letters}");
    }

    /// <summary>Reads time and shard back. False: not an id of this router.</summary>
    public static bool TryParse([NotNullWhen(true)] string? id, out DateTimeOffset time, out int shard)
    {
        time = default;
        shard = 0;
        if (id is null || !id.StartsWith("gen-", StringComparison.Ordinal)) return false;
        var dash = id.IndexOf('-', 4);
        if (dash is < 5 or > 20 || id.Length != dash + 1 + 2 + RandomLength) return false;
        if (!long.TryParse(id.AsSpan(4, dash - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 253_402_300_799) return false;
        var high = id[dash + 1] - 'A';
        var low = id[dash + 2] - 'A';
        if (high is < 0 or > 3 || low is < 0 or > 3) return false;
        for (var i = dash + 3; i < id.Length; i++)
            if (!char.IsAsciiLetterOrDigit(id[i])) return false;
        time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        shard = high * 4 + low;
        return true;
    }
}

namespace EdgeRouter.FuzzTests.Inputs;

/// <summary>Changes bytes that were valid: as bytes, and as the JSON or event stream that they are or nearly are.</summary>
internal sealed class Mutator(Random random)
{
    private const int LargestBytes = 256 * 1024;

    /// <summary>Bytes with one to four changes, or now and then with none.</summary>
    /// <param name="seed">The bytes to change.</param>
    /// <param name="others">Bytes of the same kind, of which pieces are taken.</param>
    public byte[] Mutate(byte[] seed, IReadOnlyList<byte[]> others)
    {
        var bytes = seed;
        var changes = random.Next(10) == 0 ? 0 : random.Next(1, 5);
        for (var change = 0; change < changes; change++) bytes = Change(bytes, others);
        return bytes.Length > LargestBytes ? bytes[..LargestBytes] : bytes;
    }

    private byte[] Change(byte[] bytes, IReadOnlyList<byte[]> others) => random.Next(15) switch
    {
        0 => FlipBit(bytes),
        1 => Splice(bytes, Position(bytes), 0, Pick(OddValues.Loose)),
        2 => Cut(bytes),
        3 => bytes[..Position(bytes)],
        4 => Repeat(bytes),
        5 => Cross(bytes, others[random.Next(others.Count)]),
        6 => Replace(bytes, Span(2)),
        7 or 8 => AddMember(bytes),
        9 => Nest(bytes),
        10 => Escape(bytes),
        11 => BreakText(bytes),
        _ => Replace(bytes, Pick(OddValues.Json)),
    };

    private byte[] FlipBit(byte[] bytes)
    {
        if (bytes.Length == 0) return bytes;
        var changed = (byte[])bytes.Clone();
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private byte[] Cut(byte[] bytes)
    {
        var start = Position(bytes);
        return Splice(bytes, start, Math.Min(random.Next(1, 40), bytes.Length - start), []);
    }

    private byte[] Repeat(byte[] bytes)
    {
        var start = Position(bytes);
        var piece = bytes[start..Math.Min(bytes.Length, start + random.Next(1, 400))];
        var copies = random.Next(20) == 0 ? 200 : 1;
        for (var copy = 0; copy < copies && bytes.Length < LargestBytes; copy++) bytes = Splice(bytes, start, 0, piece);
        return bytes;
    }

    private byte[] Cross(byte[] bytes, byte[] other) => [.. bytes.AsSpan(0, Position(bytes)), .. other.AsSpan(Position(other))];

    /// <summary>Puts a value in the place of another.</summary>
    private byte[] Replace(byte[] bytes, byte[] value)
    {
        var (start, length) = FindToken(bytes);
        return Splice(bytes, start, length, value);
    }

    private byte[] AddMember(byte[] bytes)
    {
        var from = random.Next(3) == 0 ? 0 : Position(bytes);
        var brace = bytes.AsSpan(from).IndexOf((byte)'{');
        return brace < 0 ? bytes : Splice(bytes, from + brace + 1, 0, Pick(OddValues.Members));
    }

    private byte[] Nest(byte[] bytes)
    {
        var depth = random.Next(4) switch { 0 => 63, 1 => 64, 2 => 130, _ => 20_000 };
        var (start, length) = FindToken(bytes);
        var isList = random.Next(2) == 0;
        var open = Bytes.Of(isList ? "[" : "{\"a\":");
        var close = Bytes.Of(isList ? "]" : "}");
        var nested = new List<byte>();
        for (var level = 0; level < depth; level++) nested.AddRange(open);
        nested.AddRange(bytes.AsSpan(start, length));
        for (var level = 0; level < depth; level++) nested.AddRange(close);
        return Splice(bytes, start, length, [.. nested]);
    }

    /// <summary>Spells a letter of a string or a name as an escape, or in the other case.</summary>
    private byte[] Escape(byte[] bytes)
    {
        var (start, length) = FindToken(bytes);
        for (var position = start; position < start + length; position++)
        {
            if (bytes[position] is not (>= (byte)'a' and <= (byte)'z')) continue;
            var letter = bytes[position];
            return Splice(bytes, position, 1, random.Next(2) == 0 ? [(byte)(letter - 32)] : Bytes.Of($"\\u00{letter:x2}"));
        }
        return bytes;
    }

    /// <summary>Puts what is no Unicode into a string or a name.</summary>
    private byte[] BreakText(byte[] bytes)
    {
        var (start, length) = FindToken(bytes);
        return length == 0 ? bytes : Splice(bytes, start + random.Next(1, length + 1), 0, Pick(OddValues.NoUnicode));
    }

    /// <summary>A string, or a run of other characters between separators, at or behind a random position.</summary>
    private (int Start, int Length) FindToken(byte[] bytes)
    {
        for (var start = Position(bytes); start < bytes.Length; start++)
        {
            if (bytes[start] is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)',' or (byte)':' or (byte)' ' or (byte)'\n' or (byte)'\r') continue;
            var end = start + 1;
            if (bytes[start] == '"')
            {
                while (end < bytes.Length && bytes[end] != '"') end += bytes[end] == '\\' ? 2 : 1;
                end = Math.Min(end + 1, bytes.Length);
            }
            else
            {
                while (end < bytes.Length && bytes[end] is not ((byte)'}' or (byte)']' or (byte)',' or (byte)':' or (byte)'\n')) end++;
            }
            return (start, end - start);
        }
        return (bytes.Length, 0);
    }

    private byte[] Span(int most)
    {
        var noise = new byte[random.Next(most + 1)];
        random.NextBytes(noise);
        return noise;
    }

    private int Position(byte[] bytes) => random.Next(bytes.Length + 1);

    private byte[] Pick(byte[][] values) => values[random.Next(values.Length)];

    private static byte[] Splice(byte[] bytes, int start, int length, byte[] piece) =>
        [.. bytes.AsSpan(0, start), .. piece, .. bytes.AsSpan(start + length)];
}

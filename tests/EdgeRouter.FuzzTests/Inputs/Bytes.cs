using System.Text;

namespace EdgeRouter.FuzzTests.Inputs;

/// <summary>Bytes as text that shows each of them, and smaller forms of them.</summary>
internal static class Bytes
{
    private const int Shown = 4000;

    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Each byte as a character, those that cannot be read as <c>\xNN</c>.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var one in bytes[..Math.Min(bytes.Length, Shown)])
        {
            if (one is (byte)'\n') text.Append("\\n");
            else if (one is (byte)'\r') text.Append("\\r");
            else if (one is >= 0x20 and < 0x7f) text.Append((char)one);
            else text.Append("\\x").Append(Convert.ToHexString([one]));
        }
        if (bytes.Length > Shown) text.Append("... (").Append(bytes.Length).Append(" bytes)");
        return text.ToString();
    }

    /// <summary>The bytes without a half, a quarter, ... a byte of them.</summary>
    public static IEnumerable<byte[]> Smaller(byte[] bytes)
    {
        for (var cut = (bytes.Length + 1) / 2; cut > 0; cut = cut == 1 ? 0 : (cut + 1) / 2)
            for (var start = 0; start < bytes.Length; start += cut)
                yield return [.. bytes.AsSpan(0, start), .. bytes.AsSpan(Math.Min(start + cut, bytes.Length))];
    }

    /// <summary>The bytes in pieces whose sizes depend on the number alone; 0: in one piece.</summary>
    public static IEnumerable<byte[]> Split(byte[] bytes, int number)
    {
        if (number == 0) return [bytes];
        var pieces = new List<byte[]>();
        var random = new Random(number);
        var largest = number == 1 ? 1 : random.Next(1, 400);
        for (var position = 0; position < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, largest + 1), bytes.Length - position);
            pieces.Add(bytes[position..(position + length)]);
            position += length;
        }
        return pieces;
    }
}

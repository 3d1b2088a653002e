using System.Text;

namespace EdgeRouter.Core.Health.Snapshots;

/// <summary>
/// An instance's endpoints as bytes: of each its id, its limits and the cells of its rows that are not zero. Typically 100 to 300 bytes an endpoint. Stateless.
/// </summary>
internal static class InstanceHealthEncoding
{
    /// <summary>Largest size in bytes; beyond it, the endpoints with the fewest attempts are left out.</summary>
    public const int MaxBytes = 900_000;

    private const byte Version = 1;
    private const int MaxIdLength = 512;

    public static byte[] Encode(InstanceHealth instance)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        foreach (var (id, counts) in instance.Endpoints.OrderByDescending(pair => Attempts(pair.Value)).ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var start = bytes.Length;
            writer.Write(id);
            writer.Write(counts.Limits.OpenUntil);
            writer.Write(counts.Limits.NotBefore);
            writer.Write(counts.Limits.Cap);
            WriteRow(writer, counts.FiveMinutes);
            WriteRow(writer, counts.ThirtyMinutes);
            WriteRow(writer, counts.OneDay);
            if (bytes.Length <= MaxBytes) continue;
            bytes.SetLength(start);
            break;
        }
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Another version, or damaged.</exception>
    public static Dictionary<string, EndpointCounts> Decode(byte[] encoded)
    {
        var endpoints = new Dictionary<string, EndpointCounts>(StringComparer.Ordinal);
        using var bytes = new MemoryStream(encoded, writable: false);
        using var reader = new BinaryReader(bytes, Encoding.UTF8);
        try
        {
            if (reader.ReadByte() != Version) throw new InvalidDataException("The health snapshot is of another version.");
            while (bytes.Position < bytes.Length)
            {
                var id = reader.ReadString();
                if (id.Length is 0 or > MaxIdLength) throw new InvalidDataException("The health snapshot has an endpoint id of a wrong length.");
                var limits = new SharedLimits(reader.ReadInt64(), reader.ReadInt64(), reader.ReadDouble());
                endpoints[id] = new EndpointCounts(ReadRow(reader), ReadRow(reader), ReadRow(reader), limits);
            }
        }
        catch (Exception fault) when (fault is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("The health snapshot is damaged.", fault);
        }
        return endpoints;
    }

    private static long Attempts(EndpointCounts counts)
    {
        var attempts = 0L;
        for (var result = 0; result < AttemptResults.Count; result++) attempts += counts.OneDay[result];
        return attempts;
    }

    private static void WriteRow(BinaryWriter writer, int[] row)
    {
        writer.Write7BitEncodedInt(row.Length - row.AsSpan().Count(0));
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] == 0) continue;
            writer.Write7BitEncodedInt(i);
            writer.Write7BitEncodedInt(row[i]);
        }
    }

    private static int[] ReadRow(BinaryReader reader)
    {
        var row = new int[HealthCells.NarrowWidth];
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            var cell = reader.Read7BitEncodedInt();
            var count = reader.Read7BitEncodedInt();
            if ((uint)cell >= HealthCells.Width || count < 0) throw new InvalidDataException("The health snapshot has a count outside of its row.");
            if (cell >= row.Length) Array.Resize(ref row, HealthCells.Width);
            row[cell] = count;
        }
        return row;
    }
}

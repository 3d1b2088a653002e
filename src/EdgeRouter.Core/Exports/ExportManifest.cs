using System.Text.Json;
using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Exports;

/// <summary>A part of a day, as exported.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Attempt">The attempt whose files count: one that was interrupted leaves files that do not.</param>
/// <param name="Files">SHA-256 of each file, in order.</param>
/// <param name="Rows">Rows in them.</param>
/// <param name="Sums">Money in them.</param>
internal sealed record ExportedPart(string Name, string Attempt, IReadOnlyList<byte[]> Files, long Rows, ExportSums Sums)
{
    /// <summary>Names of the files.</summary>
    public IEnumerable<string> FilesOf(DateOnly day) => Enumerable.Range(1, Files.Count).Select(number => ExportLayout.FileName(day, Name, Attempt, number));
}

/// <summary>The file that says which files of a day count. Stateless.</summary>
internal static class ExportManifest
{
    private const int Format = 1;

    public static byte[] Write(DateOnly day, IEnumerable<ExportedPart> parts)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("day", ExportLayout.DayName(day));
            writer.WriteStartArray("parts");
            foreach (var part in parts) Write(writer, part);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">It is not the manifest of that day.</exception>
    public static IReadOnlyList<ExportedPart> Read(DateOnly day, ReadOnlyMemory<byte> file)
    {
        try
        {
            using var json = JsonDocument.Parse(file);
            var root = json.RootElement;
            if (root.GetProperty("format").GetInt32() != Format || root.GetProperty("day").GetString() != ExportLayout.DayName(day))
                throw new InvalidDataException($"The manifest of {ExportLayout.DayName(day)} has another format, or another day.");
            return [.. root.GetProperty("parts").EnumerateArray().Select(Read)];
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"The manifest of {ExportLayout.DayName(day)} cannot be read.", fault);
        }
    }

    private static void Write(Utf8JsonWriter writer, ExportedPart part)
    {
        writer.WriteStartObject();
        writer.WriteString("name", part.Name);
        writer.WriteString("attempt", part.Attempt);
        writer.WriteStartArray("files_sha256");
        foreach (var hash in part.Files) writer.WriteStringValue(Convert.ToHexStringLower(hash));
        writer.WriteEndArray();
        writer.WriteNumber("rows", part.Rows);
        writer.WriteNumber("records_nano_usd", part.Sums.Records.Value);
        writer.WriteNumber("adjustments_nano_usd", part.Sums.Adjustments.Value);
        writer.WriteNumber("totals_nano_usd", part.Sums.Totals.Value);
        writer.WriteNumber("spent_nano_usd", part.Sums.Spent.Value);
        writer.WriteNumber("leased_nano_usd", part.Sums.Leased.Value);
        writer.WriteEndObject();
    }

    private static ExportedPart Read(JsonElement part)
    {
        NanoDollars Money(string name) => new(part.GetProperty(name).GetInt64());
        string Text(JsonElement value) => value.GetString() ?? throw new FormatException("It has null in the place of a text.");
        var files = part.GetProperty("files_sha256").EnumerateArray().Select(hash => Convert.FromHexString(Text(hash)));
        return new ExportedPart(Text(part.GetProperty("name")), Text(part.GetProperty("attempt")), [.. files], part.GetProperty("rows").GetInt64(),
            new ExportSums(Money("records_nano_usd"), Money("adjustments_nano_usd"), Money("totals_nano_usd"), Money("spent_nano_usd"),
                Money("leased_nano_usd")));
    }
}

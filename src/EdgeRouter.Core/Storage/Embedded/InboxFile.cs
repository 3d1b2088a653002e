using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>
/// One of the two files of the usage inbox: a journal whose records are lists of generation records as JSON. Not thread-safe. Errors of the file
/// system come out as they are; after one the file holds exactly what was added and not cut.
/// </summary>
internal sealed class InboxFile : IDisposable
{
    /// <summary>A journal record takes no further generation record from here on.</summary>
    private const int FullPayload = 1024 * 1024;
    private readonly JournalFile journal;
    private readonly ArrayBufferWriter<byte> json = new(4096);
    private readonly Utf8JsonWriter jsonWriter;

    /// <summary>
    /// Opens or makes the file and reads it back into <paramref name="left"/>. Throws <see cref="JournalCorruptException"/> when it is damaged and
    /// that is not accepted.
    /// </summary>
    public InboxFile(string path, EmbeddedStoreOptions options, JournalDisk disk, List<GenerationRecord> left)
    {
        jsonWriter = new Utf8JsonWriter(json);
        journal = new JournalFile(path, options.FlushToDisk, disk);
        try
        {
            var before = left.Count;
            Recovery = JournalRecovery.Run(journal, path, options.AcceptCorruption, payload => Read(payload, left), out _);
            Pending = left.Count - before;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>What opening found.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>Generation records in it that are not counted yet; kept by the owner.</summary>
    public int Pending { get; set; }

    public long Length => journal.Length;

    /// <summary>Appends all or, when it throws, none.</summary>
    public void Add(IReadOnlyList<GenerationRecord> records)
    {
        var start = journal.Length;
        try
        {
            for (var next = 0; next < records.Count;)
            {
                var payload = journal.Begin();
                while (next < records.Count && payload.Length < FullPayload) Write(payload, records[next++]);
                journal.Append();
            }
        }
        catch
        {
            if (journal.Length > start) journal.CutTo(start);
            throw;
        }
        Pending += records.Count;
    }

    /// <summary>Drops everything in it.</summary>
    public void Cut()
    {
        if (journal.Length > JournalFormat.HeaderLength) journal.CutTo(JournalFormat.HeaderLength);
    }

    public void Dispose()
    {
        jsonWriter.Dispose();
        journal.Dispose();
    }

    private void Write(ByteWriter payload, GenerationRecord record)
    {
        json.ResetWrittenCount();
        jsonWriter.Reset();
        GenerationRecordJson.Write(record, jsonWriter);
        jsonWriter.Flush();
        payload.Blob(json.WrittenSpan);
    }

    private static void Read(ReadOnlySpan<byte> payload, List<GenerationRecord> records)
    {
        try
        {
            for (var reader = new ByteReader(payload); !reader.AtEnd;) records.Add(GenerationRecordJson.Decode(reader.Blob()));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("A record of the inbox is no generation record.", error);
        }
    }
}

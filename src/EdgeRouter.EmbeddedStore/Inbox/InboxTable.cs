using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Rows;
using EdgeRouter.EmbeddedStore.Sqlite;

namespace EdgeRouter.EmbeddedStore.Inbox;

/// <summary>
/// The inbox's rows: consecutive numbers, appended at the end and deleted from the beginning. Used by the writer's thread, inside its transactions.
/// </summary>
internal sealed class InboxTable
{
    private readonly Statement insert;
    private readonly Statement delete;

    /// <summary>Reads what is there into <paramref name="left"/>. Throws <see cref="InvalidDataException"/> when it is damaged.</summary>
    public InboxTable(Database database, List<GenerationRecord> left)
    {
        insert = database.Prepare("INSERT INTO inbox (seq, record) VALUES (?1, ?2)");
        delete = database.Prepare("DELETE FROM inbox WHERE seq < ?1");
        using var all = database.Prepare("SELECT seq, record FROM inbox ORDER BY seq");
        while (all.Step())
        {
            if (left.Count == 0) First = Next = all.Int64(0);
            if (all.Int64(0) != Next++) throw new InvalidDataException("a record of the usage inbox is missing");
            left.Add(Read(all.Bytes(1)));
        }
    }

    /// <summary>Number of the oldest record.</summary>
    public long First { get; set; } = 1;

    /// <summary>Number of the next record to be added.</summary>
    public long Next { get; set; } = 1;

    public void Insert(long number, ReadOnlySpan<byte> record) => insert.Bind(1, number).BindBlob(2, record).Run();

    public void DeleteBefore(long number) => delete.Bind(1, number).Run();

    private static GenerationRecord Read(ReadOnlySpan<byte> stored)
    {
        try
        {
            return GenerationRecordJson.Decode(Checksum.Check(stored, owner: 0));
        }
        catch (System.Text.Json.JsonException error)
        {
            throw new InvalidDataException("a row of the usage inbox is no generation record", error);
        }
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;
using EdgeRouter.EmbeddedStore.Rows;
using EdgeRouter.EmbeddedStore.Sqlite;

namespace EdgeRouter.EmbeddedStore.Inbox;

/// <summary>
/// The usage inbox in the store's file: what is accepted becomes durable in the same groups as the commits of tables. See <see cref="IUsageInbox"/>.
/// </summary>
internal sealed class SqliteUsageInbox : IUsageInbox
{
    private readonly GroupWriter writer;
    private List<GenerationRecord> left = [];
    private readonly Addition addition;
    private readonly Removal removal;

    /// <summary>Throws <see cref="InvalidDataException"/> when what an earlier process left is damaged.</summary>
    public SqliteUsageInbox(Database database, GroupWriter writer)
    {
        this.writer = writer;
        var table = new InboxTable(database, left);
        addition = new Addition(table);
        removal = new Removal(table);
    }

    public IReadOnlyList<GenerationRecord> TakePending()
    {
        var taken = left;
        left = [];
        return taken;
    }

    public ValueTask AddAsync(IReadOnlyList<GenerationRecord> records)
    {
        addition.Encode(records);
        return addition.StartAsync(writer);
    }

    public ValueTask RemoveAsync(int count)
    {
        removal.Count = count;
        return removal.StartAsync(writer);
    }

    [SuppressMessage("Design", "CA1001", Justification = "A JSON writer on a buffer holds nothing to dispose, and lives as long as the inbox.")]
    private sealed class Addition(InboxTable table) : InboxWork
    {
        private readonly List<Range> records = [];
        private readonly ByteWriter bytes = new();
        private readonly ArrayBufferWriter<byte> json = new(4096);
        private readonly Utf8JsonWriter jsonWriter = new(Stream.Null);

        public override int Size => bytes.Length;

        public void Encode(IReadOnlyList<GenerationRecord> added)
        {
            records.Clear();
            bytes.Clear();
            for (var i = 0; i < added.Count; i++)
            {
                json.ResetWrittenCount();
                jsonWriter.Reset(json);
                GenerationRecordJson.Write(added[i], jsonWriter);
                jsonWriter.Flush();
                var start = bytes.Length;
                bytes.Reserve(Checksum.Length);
                json.WrittenSpan.CopyTo(bytes.Reserve(json.WrittenCount));
                Checksum.Write(bytes.Written[start..], owner: 0);
                records.Add(start..bytes.Length);
            }
        }

        public override void Apply()
        {
            var number = table.Next;
            foreach (var record in records) table.Insert(number++, bytes.Written[record]);
        }

        public override void Succeed()
        {
            table.Next += records.Count;
            base.Succeed();
        }
    }

    private sealed class Removal(InboxTable table) : InboxWork
    {
        public int Count { get; set; }

        public override int Size => 0;

        public override void Apply() => table.DeleteBefore(table.First + Count);

        public override void Succeed()
        {
            table.First += Count;
            base.Succeed();
        }
    }
}

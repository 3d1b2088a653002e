namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>The inside of a journal record: what a group of commits did to rows. Conditions are not in it; they were judged before.</summary>
internal static class JournalPayload
{
    private enum EntryType : byte
    {
        Partition = 1,
        Put,
        Delete,
    }

    /// <summary>Appends what a group of commits did.</summary>
    public static void Write(ByteWriter writer, List<RowEffect> effects)
    {
        PartitionName? partition = null;
        foreach (var effect in effects) Write(writer, effect, ref partition);
    }

    /// <summary>Appends an effect; table and partition are written when they differ from those of the effect before.</summary>
    public static void Write(ByteWriter writer, RowEffect effect, ref PartitionName? current)
    {
        if (effect.Partition != current)
        {
            current = effect.Partition;
            writer.Byte((byte)EntryType.Partition);
            writer.Text(effect.Partition.Table);
            writer.Text(effect.Partition.Partition);
        }
        writer.Byte((byte)(effect.After is null ? EntryType.Delete : EntryType.Put));
        writer.Text(effect.Row);
        if (effect.After is null) return;
        writer.Int64(effect.After.Version);
        writer.Blob(effect.After.Properties);
    }

    /// <summary>Reads all effects of a record. Throws <see cref="InvalidDataException"/> when they make no sense.</summary>
    public static List<RowEffect> Read(ReadOnlySpan<byte> payload)
    {
        var reader = new ByteReader(payload);
        var effects = new List<RowEffect>();
        PartitionName? partition = null;
        while (!reader.AtEnd)
        {
            var type = (EntryType)reader.Byte();
            if (type == EntryType.Partition)
            {
                partition = new PartitionName(reader.Text(), reader.Text());
                continue;
            }
            var name = partition ?? throw new InvalidDataException("A row comes before its partition.");
            var row = reader.Text();
            effects.Add(type switch
            {
                EntryType.Put => new RowEffect(name, row, new StoredRow(row, reader.Int64(), reader.Blob().ToArray())),
                EntryType.Delete => new RowEffect(name, row, null),
                _ => throw new InvalidDataException($"The entry type {(byte)type} is not known."),
            });
        }
        return effects;
    }
}

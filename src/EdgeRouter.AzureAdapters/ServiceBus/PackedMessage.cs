using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Usage;

namespace EdgeRouter.AzureAdapters.ServiceBus;

/// <summary>A message as it is sent, however often: its id is that of its content, so Service Bus recognizes a second sending.</summary>
/// <param name="Id">See <see cref="UsageMessage.IdOf"/>.</param>
/// <param name="Body">See <see cref="UsageMessage.Pack"/>.</param>
/// <param name="Records">Number of records in it.</param>
internal sealed record PackedMessage(string Id, byte[] Body, int Records)
{
    public static PackedMessage Of(IReadOnlyList<byte[]> records)
    {
        var body = UsageMessage.Pack(records);
        return new PackedMessage(UsageMessage.IdOf(body), body, records.Count);
    }

    /// <summary>Its records.</summary>
    public IReadOnlyList<GenerationRecord> Decode() =>
        UsageMessage.TryDecode(Body, out var records, out var reason)
            ? records : throw new InvalidDataException($"A message of the journal cannot be read. {reason}");
}

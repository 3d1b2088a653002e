using Azure;
using Azure.Data.Tables;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.AzureAdapters.Tables;

/// <summary>
/// Rows and changes as the SDK's entities. Keys are not changed: <see cref="TableLimits"/> permits only what Table Storage accepts, and the SDK
/// quotes and escapes them.
/// </summary>
internal static class EntityMapping
{
    private const string SystemPrefix = "odata.";

    public static TableTransactionAction ToAction(string partition, TableChange change)
    {
        var entity = new TableEntity(partition, change.Row);
        foreach (var (name, value) in change.Properties ?? new Dictionary<string, object>()) entity.Add(name, value);
        return change.Kind switch
        {
            TableChangeKind.Insert => new TableTransactionAction(TableTransactionActionType.Add, entity),
            TableChangeKind.ReplaceIfMatch => new TableTransactionAction(TableTransactionActionType.UpdateReplace, entity, new ETag(change.ETag!)),
            TableChangeKind.Upsert => new TableTransactionAction(TableTransactionActionType.UpsertReplace, entity),
            TableChangeKind.Delete =>
                new TableTransactionAction(TableTransactionActionType.Delete, entity, change.ETag is { } etag ? new ETag(etag) : ETag.All),
            _ => throw new ArgumentException($"The change of row '{change.Row}' has the unknown kind {change.Kind}.", nameof(change)),
        };
    }

    public static TableRow ToRow(TableEntity entity)
    {
        var properties = new Dictionary<string, object>(entity.Count, StringComparer.Ordinal);
        foreach (var (name, value) in (IEnumerable<KeyValuePair<string, object>>)entity)
        {
            if (name is nameof(TableEntity.PartitionKey) or nameof(TableEntity.RowKey) or nameof(TableEntity.Timestamp)) continue;
            if (!name.StartsWith(SystemPrefix, StringComparison.Ordinal)) properties.Add(name, value);
        }
        return new TableRow(entity.PartitionKey, entity.RowKey, entity.ETag.ToString(), properties);
    }
}

using Azure.Data.Tables;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.AzureAdapters.Tables;

/// <summary>
/// The table store on Azure Table Storage. Thread-safe; one per process. Made by <see cref="AzureTableStoreFactory"/>. A commit whose answer was lost
/// may have been applied: the SDK retries it, its inserts and replacements then meet their own rows, and it is reported as
/// <see cref="CommitStatus.AlreadyExists"/> or <see cref="CommitStatus.Conflict"/>, never as committed when it is not. Callers read again, as on any
/// conflict. A request that Table Storage refuses as malformed (status 400) is a defect of the router, not an outage: it surfaces as the SDK's
/// exception.
/// </summary>
public sealed class AzureTableStore : ITableStore
{
    private readonly TableServiceClient service;

    internal AzureTableStore(TableServiceClient service) => this.service = service;

    /// <inheritdoc/>
    public async ValueTask<TableRow?> GetAsync(string table, string partition, string row, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.CheckKey(partition, nameof(partition));
        TableLimits.CheckKey(row, nameof(row));
        var client = Client(table);
        try
        {
            var found = await client.GetEntityIfExistsAsync<TableEntity>(partition, row, cancellationToken: cancellationToken);
            return found.HasValue ? EntityMapping.ToRow(found.Value!) : null;
        }
        catch (Exception error) when (TableFailure.IsOutage(error, cancellationToken))
        {
            throw TableFailure.Unavailable(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TablePage> QueryAsync(
        string table, string partition, RowRange range, int limit = 1000, string? continuation = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.CheckKey(partition, nameof(partition));
        TableLimits.CheckPage(limit);
        var client = Client(table);
        try
        {
            await foreach (var page in client.QueryAsync<TableEntity>(Filter(partition, range), limit, cancellationToken: cancellationToken)
                .AsPages(continuation))
                return new TablePage([.. page.Values.Select(EntityMapping.ToRow)], page.ContinuationToken);
            return new TablePage([], null);
        }
        catch (Exception error) when (TableFailure.IsMissingTable(error))
        {
            return new TablePage([], null);
        }
        catch (Exception error) when (TableFailure.IsOutage(error, cancellationToken))
        {
            throw TableFailure.Unavailable(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommitResult> CommitAsync(string table, string partition, IReadOnlyList<TableChange> changes,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TableLimits.CheckCommit(table, partition, changes);
        try
        {
            return await new TableTransaction(service, table, partition, changes).SubmitAsync(cancellationToken);
        }
        catch (Exception error) when (TableFailure.IsOutage(error, cancellationToken))
        {
            throw TableFailure.Unavailable(error);
        }
    }

    private TableClient Client(string table)
    {
        TableLimits.CheckTable(table);
        return service.GetTableClient(table);
    }

    private static string Filter(string partition, RowRange range) => range switch
    {
        { From: { } from, To: { } to } => TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from} and RowKey lt {to}"),
        { From: { } from } => TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {from}"),
        { To: { } to } => TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey lt {to}"),
        _ => TableClient.CreateQueryFilter($"PartitionKey eq {partition}"),
    };
}

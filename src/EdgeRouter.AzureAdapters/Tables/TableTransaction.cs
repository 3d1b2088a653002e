using Azure.Data.Tables;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.AzureAdapters.Tables;

/// <summary>
/// One commit. Submitted again when the table does not exist yet (it is created then), and without a deletion whose row does not exist: such a
/// deletion has no effect, but would fail the transaction. If another writer makes that row at the same time, the two commits may be seen in either
/// order, row by row.
/// </summary>
internal sealed class TableTransaction(TableServiceClient service, string table, string partition, IReadOnlyList<TableChange> changes)
{
    // Indexes of the changes still to be submitted.
    private readonly List<int> pending = [.. Enumerable.Range(0, changes.Count)];
    private bool tableMade;

    public async Task<CommitResult> SubmitAsync(CancellationToken cancellationToken)
    {
        var client = service.GetTableClient(table);
        var etags = new string?[changes.Count];
        while (pending.Count > 0)
        {
            try
            {
                var responses = (await client.SubmitTransactionAsync(pending.Select(index => EntityMapping.ToAction(partition, changes[index])),
                    cancellationToken)).Value;
                for (var i = 0; i < pending.Count; i++)
                    if (changes[pending[i]].Kind != TableChangeKind.Delete) etags[pending[i]] = responses[i].Headers.ETag?.ToString();
                break;
            }
            catch (Exception error) when (TableFailure.IsMissingTable(error) && !tableMade)
            {
                await service.CreateTableIfNotExistsAsync(table, cancellationToken);
                tableMade = true;
            }
            catch (TableTransactionFailedException error) when (TableFailure.ConflictOf(error) is { } status)
            {
                // Table Storage names the first change that it could not apply; a transaction of one change may not name it.
                var position = error.FailedTransactionActionIndex ?? (pending.Count == 1 ? 0 : throw TableFailure.Unavailable(error));
                var failed = pending[position];
                if (changes[failed] is not { Kind: TableChangeKind.Delete, ETag: null }) return new CommitResult(status, failed, []);
                pending.RemoveAt(position);
            }
        }
        return new CommitResult(CommitStatus.Committed, -1, etags);
    }
}

using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Identity;
using EdgeRouter.Core.Storage;

namespace EdgeRouter.AzureAdapters.Tables;

/// <summary>What the SDK's exceptions mean.</summary>
internal static class TableFailure
{
    public static bool IsMissingTable(Exception error) => error is RequestFailedException { Status: 404, ErrorCode: { } code }
        && code == TableErrorCode.TableNotFound;

    /// <summary>Null: the transaction failed for a reason other than the state of a row.</summary>
    public static CommitStatus? ConflictOf(TableTransactionFailedException error) => error switch
    {
        { Status: 409, ErrorCode: { } code } when code == TableErrorCode.EntityAlreadyExists => CommitStatus.AlreadyExists,
        { Status: 412 } => CommitStatus.Conflict,
        { Status: 404 } when !IsMissingTable(error) => CommitStatus.Conflict,
        _ => null,
    };

    /// <summary>
    /// Whether the failure is of the store, its network or the router's access to it, and not of the request or a cancellation by the caller.
    /// </summary>
    public static bool IsOutage(Exception error, CancellationToken cancellationToken) => error switch
    {
        // The SDK collects the failures of its attempts; the last one is the reason.
        AggregateException { InnerExceptions: [.., var last] } => IsOutage(last, cancellationToken),
        // 0: no answer came. 400: the request is malformed. 404 and 409: a table that is just being deleted.
        RequestFailedException { Status: var status } => status is 0 or 401 or 403 or 404 or 408 or 409 or 429 or >= 500,
        AuthenticationFailedException => true,
        // The SDK's own limit of time.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        IOException => true,
        _ => false,
    };

    /// <summary>Without the SDK's text, which quotes whole answers.</summary>
    public static StorageUnavailableException Unavailable(Exception error)
    {
        var last = error is AggregateException { InnerExceptions: [.., var inner] } ? inner : error;
        return new StorageUnavailableException(
            last switch
            {
                RequestFailedException { Status: 0 } => "Table Storage cannot be reached.",
                RequestFailedException refused => $"Table Storage answered {refused.Status} ({refused.ErrorCode ?? "no error code"}).",
                AuthenticationFailedException => "No token for Table Storage: the identity could not be used.",
                OperationCanceledException => "Table Storage did not answer in time.",
                _ => "The connection to Table Storage broke.",
            },
            error);
    }
}

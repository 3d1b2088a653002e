namespace Azure.Data.Tables;

public class TableTransactionFailedException : RequestFailedException
{
    public TableTransactionFailedException(RequestFailedException requestFailedException)
        : this(requestFailedException, null)
    {
    }

    internal TableTransactionFailedException(RequestFailedException cause, int? index)
        : base(cause.Status, cause.Message, cause.ErrorCode, cause) => FailedTransactionActionIndex = index;

    public int? FailedTransactionActionIndex { get; }
}

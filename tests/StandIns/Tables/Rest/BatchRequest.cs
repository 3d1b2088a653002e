using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Azure.Data.Tables.Rest;

/// <summary>An entity group transaction: a multipart/mixed body with one change set, one HTTP request per change.</summary>
internal static class BatchRequest
{
    /// <param name="root">Account's URL, ending with a slash.</param>
    /// <param name="table">Table.</param>
    /// <param name="actions">Changes, in order.</param>
    public static (string ContentType, ReadOnlyMemory<byte> Body) Write(string root, string table, IEnumerable<TableTransactionAction> actions)
    {
        var (batch, changes) = ($"batch_{Guid.NewGuid()}", $"changeset_{Guid.NewGuid()}");
        var body = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(body);
        Add(body, $"--{batch}\r\nContent-Type: multipart/mixed; boundary={changes}\r\n\r\n");
        foreach (var action in actions)
        {
            Add(body, $"--{changes}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            Add(body, RequestHead(root, table, action));
            if (action.ActionType != TableTransactionActionType.Delete)
            {
                EntityJson.Write(json, (TableEntity)action.Entity);
                json.Flush();
                json.Reset();
            }
            Add(body, "\r\n");
        }
        Add(body, $"--{changes}--\r\n--{batch}--\r\n");
        return ($"multipart/mixed; boundary={batch}", body.WrittenMemory);
    }

    private static string RequestHead(string root, string table, TableTransactionAction action)
    {
        const string EntityHeaders =
            "Accept: application/json;odata=minimalmetadata\r\nContent-Type: application/json\r\nPrefer: return-no-content\r\nDataServiceVersion: 3.0\r\n";
        var url = root + TableRest.EntityPath(table, action.Entity.PartitionKey, action.Entity.RowKey);
        return action.ActionType switch
        {
            TableTransactionActionType.Add => $"POST {root}{table} HTTP/1.1\r\n{EntityHeaders}\r\n",
            TableTransactionActionType.UpsertReplace => $"PUT {url} HTTP/1.1\r\n{EntityHeaders}\r\n",
            TableTransactionActionType.UpdateReplace => $"PUT {url} HTTP/1.1\r\n{EntityHeaders}If-Match: {IfMatch(action.ETag)}\r\n\r\n",
            TableTransactionActionType.Delete => $"DELETE {url} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: "
                + $"3.0\r\nIf-Match: {IfMatch(action.ETag)}\r\n\r\n",
            _ => throw new NotSupportedException($"The stand-in does not know {action.ActionType}."),
        };
    }

    private static string IfMatch(ETag etag) => etag == default ? ETag.All.ToString() : etag.ToString("H");

    private static void Add(ArrayBufferWriter<byte> body, string text) =>
        body.Advance(Encoding.UTF8.GetBytes(text, body.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}

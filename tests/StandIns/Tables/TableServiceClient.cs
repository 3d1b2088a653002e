using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Rest;

namespace Azure.Data.Tables;

public class TableServiceClient
{
    private const string Scope = "https://storage.azure.com/.default";
    private readonly TableRest rest;

    public TableServiceClient(string connectionString, TableClientOptions? options = null)
    {
        var parsed = ConnectionString.Parse(connectionString);
        rest = new TableRest(parsed.Endpoint, options ?? new TableClientOptions(), new SharedKeyPolicy(parsed.Account, parsed.Key));
    }

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions? options = null)
    {
        rest = new TableRest(endpoint, options ?? new TableClientOptions(), new BearerTokenAuthenticationPolicy(tokenCredential, Scope));
    }

    protected TableServiceClient() => rest = null!;

    public virtual TableClient GetTableClient(string tableName) => new(rest, tableName);

    /// <summary>A table that is there already is no error.</summary>
    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = tableName });
        var response = await rest.SendAsync(RequestMethod.Post, "Tables", "application/json", body, cancellationToken);
        if (response.Status is not (201 or 204))
        {
            var error = new RequestFailedException(response);
            if (error.ErrorCode is not { } code || code != TableErrorCode.TableAlreadyExists) throw error;
        }
        return Response.FromValue(new TableItem(tableName), response);
    }
}

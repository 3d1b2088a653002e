using System.Globalization;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Rest;

namespace Azure.Data.Tables;

public class TableClient
{
    private readonly TableRest rest;

    private readonly string name;

    internal TableClient(TableRest rest, string name)
    {
        this.rest = rest;
        this.name = name;
    }

    protected TableClient()
    {
        rest = null!;
        name = null!;
    }

    public virtual string Name => name;

    public static string CreateQueryFilter(FormattableString filter)
    {
        var arguments = filter.GetArguments().Select(argument => argument is string text
            ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'"
            : throw new NotSupportedException($"The stand-in quotes strings only, not {argument?.GetType().Name ?? "null"}."));
        return string.Format(CultureInfo.InvariantCulture, filter.Format, [.. arguments]);
    }

    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var query = select is null ? "" : $"?$select={Uri.EscapeDataString(string.Join(',', select))}";
        var response = await rest.SendAsync(RequestMethod.Get, TableRest.EntityPath(name, partitionKey, rowKey) + query, null, default, cancellationToken);
        if (response.Status == 404) return new NoValue<T>(response);
        if (response.IsError) throw new RequestFailedException(response);
        using var document = JsonDocument.Parse(response.Content.ToMemory());
        return Response.FromValue(EntityJson.Read<T>(document.RootElement), response);
    }

    public virtual AsyncPageable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var path = $"{name}()?$filter={Uri.EscapeDataString(filter ?? "")}";
        if (select is not null) path += $"&$select={Uri.EscapeDataString(string.Join(',', select))}";
        return new QueryPages<T>(rest, path, maxPerPage, cancellationToken);
    }

    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        var (contentType, body) = BatchRequest.Write(rest.Endpoint, name, transactionActions);
        var response = await rest.SendAsync(RequestMethod.Post, "$batch", contentType, body, cancellationToken);
        if (response.Status != 202) throw new RequestFailedException(response);
        var parts = BatchResponse.Read(response.Headers.ContentType ?? "", response.Content.ToMemory());
        if (parts is [{ IsError: true } failed])
        {
            var error = new RequestFailedException(failed, null, TableErrorParser.Instance);
            throw new TableTransactionFailedException(error, TableErrorParser.FailedIndex(failed));
        }
        return Response.FromValue(parts, response);
    }

    private sealed class NoValue<T>(Response response) : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw new InvalidOperationException("The entity does not exist.");

        public override Response GetRawResponse() => response;
    }
}

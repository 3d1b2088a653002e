using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Rest;

/// <summary>The pages of a query. A continuation token is what the two continuation headers said, with a space between.</summary>
internal sealed class QueryPages<T>(TableRest rest, string path, int? maxPerPage, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
    where T : class, ITableEntity
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        var top = (pageSizeHint ?? maxPerPage) is { } size ? string.Create(CultureInfo.InvariantCulture, $"&$top={size}") : "";
        do
        {
            var response = await rest.SendAsync(RequestMethod.Get, path + top + Next(continuationToken), null, default, CancellationToken);
            if (response.IsError) throw new RequestFailedException(response);
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            var rows = document.RootElement.GetProperty("value").EnumerateArray().Select(EntityJson.Read<T>).ToArray();
            continuationToken = response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition)
                ? response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row) ? $"{partition} {row}" : partition
                : null;
            yield return Page<T>.FromValues(rows, continuationToken, response);
        }
        while (continuationToken is not null);
    }

    private static string Next(string? token)
    {
        if (token is null) return "";
        var keys = token.Split(' ');
        var next = $"&NextPartitionKey={Uri.EscapeDataString(keys[0])}";
        return keys.Length < 2 ? next : $"{next}&NextRowKey={Uri.EscapeDataString(keys[1])}";
    }
}

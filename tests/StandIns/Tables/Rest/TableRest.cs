using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables.Rest;

/// <summary>One request to the Table service, through Azure.Core's pipeline (retries, authentication, diagnostics).</summary>
internal sealed class TableRest(Uri endpoint, TableClientOptions options, HttpPipelinePolicy authentication)
{
    private readonly string root = endpoint.AbsoluteUri.TrimEnd('/') + "/";
    private readonly HttpPipeline pipeline = HttpPipelineBuilder.Build(
        new HttpPipelineOptions(options) { PerRetryPolicies = { authentication }, RequestFailedDetailsParser = TableErrorParser.Instance });

    public string Endpoint => root;

    public static string EntityPath(string table, string partition, string row) => $"{table}(PartitionKey='{Quoted(partition)}',RowKey='{Quoted(row)}')";

    /// <param name="method">Verb.</param>
    /// <param name="path">Path below the account, and query, both escaped.</param>
    /// <param name="contentType">Of the body; null: there is none.</param>
    /// <param name="body">Body.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Response> SendAsync(RequestMethod method, string path, string? contentType, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        using var message = pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(new Uri(root + path));
        request.Headers.Add("x-ms-version", options.VersionText);
        request.Headers.Add("DataServiceVersion", "3.0");
        request.Headers.Add("Accept", "application/json;odata=minimalmetadata");
        if (contentType is not null)
        {
            request.Headers.Add("Content-Type", contentType);
            request.Headers.Add("Prefer", "return-no-content");
            request.Content = RequestContent.Create(body);
        }
        await pipeline.SendAsync(message, cancellationToken);
        var response = message.Response;
        // The pipeline has read the whole body; the response outlives the message.
        message.Response = null!;
        return response;
    }

    private static string Quoted(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));
}

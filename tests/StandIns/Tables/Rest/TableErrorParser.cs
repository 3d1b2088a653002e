using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables.Rest;

/// <summary>Reads <c>{"odata.error":{"code":"..","message":{"value":".."}}}</c>.</summary>
internal sealed class TableErrorParser : RequestFailedDetailsParser
{
    public static readonly TableErrorParser Instance = new();

    /// <summary>The message of a failed transaction begins with the index of the change that failed: <c>1:The specified entity already exists.</c></summary>
    public static int? FailedIndex(Response response)
    {
        if (!Instance.TryParse(response, out var error, out _) || error.Message is not { } message) return null;
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(message.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    public override bool TryParse(Response response, [NotNullWhen(true)] out ResponseError? error, out IDictionary<string, string>? data)
    {
        error = null;
        data = null;
        try
        {
            using var document = JsonDocument.Parse(response.Content.ToMemory());
            var body = document.RootElement.GetProperty("odata.error");
            error = new ResponseError(body.GetProperty("code").GetString(), body.GetProperty("message").GetProperty("value").GetString());
            return true;
        }
        catch (Exception notSuchAnError) when (notSuchAnError is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}

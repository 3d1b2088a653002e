using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure.Data.Tables.Rest;

/// <summary>A response that came inside another one.</summary>
internal sealed class PartResponse(int status, string reason, IEnumerable<KeyValuePair<string, string>> headers, byte[] content) : Response
{
    private readonly Dictionary<string, string> headers = Index(headers);

    public override int Status { get; } = status;

    public override string ReasonPhrase { get; } = reason;

    public override bool IsError => Status >= 400;

    public override Stream? ContentStream { get; set; } = new MemoryStream(content, 0, content.Length, writable: false, publiclyVisible: true);

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(pair => new HttpHeader(pair.Key, pair.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }

    private static Dictionary<string, string> Index(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var index = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in pairs) index[name] = value;
        return index;
    }
}

using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.ClientTests.Providers;
using Xunit;

namespace EdgeRouter.ClientTests.Matrix;

/// <summary>A caller API: writes the requests of the scenarios, and reads what comes back as strictly as a client that has the API's types.</summary>
internal abstract class MatrixCaller
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<MatrixCaller> All =
        [new ChatCaller(), new ResponsesCaller(), new MessagesCaller(), new GeminiCaller(), new CompletionsCaller()];

    /// <summary>Its name in the tests and in the table.</summary>
    public abstract string Name { get; }

    /// <summary>Whether its requests can say what the scenario needs.</summary>
    public virtual bool Has(Scenario scenario) => true;

    public HttpRequestMessage Write(Ask ask) => new(HttpMethod.Post, PathOf(ask))
    {
        Content = new StringContent(WriteBody(ask).ToJsonString(), Encoding.UTF8, "application/json"),
        Headers = { { "Authorization", "Bearer " + RouterAndProviders.InferenceKey } },
    };

    /// <summary>Reads a whole answer or an error.</summary>
    public abstract Seen ReadWhole(JsonNode body);

    /// <summary>Reads a stream, the type and the data of each event; <c>[DONE]</c> is one without JSON.</summary>
    public abstract Seen ReadStream(IReadOnlyList<(string? Type, JsonNode? Data)> events);

    /// <summary>Cuts a body into events.</summary>
    public Seen ReadStream(string body)
    {
        var events = new List<(string?, JsonNode?)>();
        foreach (var block in body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string? type = null;
            var data = "";
            foreach (var line in block.Split('\n').Where(line => !line.StartsWith(':')))
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line["event: ".Length..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data += line["data: ".Length..];
                else Assert.Fail($"Not a line of an event: {line}");
            }
            if (data.Length > 0) events.Add((type, data == "[DONE]" ? null : JsonNode.Parse(data)));
        }
        return ReadStream(events);
    }

    protected abstract string PathOf(Ask ask);

    protected abstract JsonObject WriteBody(Ask ask);

    protected static string PictureBase64 => Convert.ToBase64String(ProviderServer.Picture);

    protected static JsonNode Parse(string json) => JsonNode.Parse(json)!;

    protected static string StringOf(JsonNode? node) => (string?)node ?? "";
}

namespace EdgeRouter.ClientTests.Matrix;

/// <summary>What is tried with every caller API on every wire.</summary>
internal enum Scenario
{
    /// <summary>The model repeats what the user said.</summary>
    Text,

    /// <summary>The model calls one tool, and is given its result.</summary>
    Tool,

    /// <summary>The model calls two tools at once, and is given both results.</summary>
    ParallelTools,

    /// <summary>The model describes an image that is in the request.</summary>
    Image,

    /// <summary>The model answers by a JSON Schema.</summary>
    Structured,

    /// <summary>The model's reasoning comes before its answer.</summary>
    Reasoning,

    /// <summary>The provider refuses the request with 429.</summary>
    ErrorBefore,

    /// <summary>The provider fails in the middle of the answer.</summary>
    ErrorMidStream,

    /// <summary>The caller leaves while it waits: the provider's connection is closed.</summary>
    Abort,
}

/// <summary>One request of a scenario, for a caller API to write.</summary>
/// <param name="Scenario">What is tried.</param>
/// <param name="Model">The model.</param>
/// <param name="Stream">Whether the answer is to be a stream.</param>
/// <param name="Text">What the user says.</param>
/// <param name="Earlier">The answer whose calls of tools this request brings the results of; null: the first request.</param>
internal sealed record Ask(Scenario Scenario, string Model, bool Stream, string Text, Seen? Earlier = null)
{
    /// <summary>The parameters of the tool <c>get_weather</c>; those of <c>get_time</c> are none.</summary>
    public const string WeatherParameters = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    /// <summary>The schema of a structured answer.</summary>
    public const string Schema =
        """{"type":"object","properties":{"city":{"type":"string"},"degrees":{"type":"integer"}},"required":["city","degrees"],"additionalProperties":false}""";

    /// <summary>What a model answers by <see cref="Schema"/>.</summary>
    public const string SchemaAnswer = """{"city":"sample","degrees":7}""";

    public bool HasTools => Scenario is Scenario.Tool or Scenario.ParallelTools;

    /// <summary>Whether two tools are offered.</summary>
    public bool HasTwoTools => Scenario == Scenario.ParallelTools;

    public static string ResultOf(Call call) => $"result of {call.Name}";
}

/// <summary>A call of a tool, as the caller saw it.</summary>
internal sealed record Call(string Id, string Name, string Arguments);

/// <summary>What a caller saw of an answer, in no API's words.</summary>
internal sealed record Seen
{
    public string Text { get; init; } = "";

    public string Thought { get; init; } = "";

    public IReadOnlyList<Call> Calls { get; init; } = [];

    /// <summary>Whether the answer says that it stopped to call tools.</summary>
    public bool StoppedForTools { get; init; }

    /// <summary>Whether the answer has its end: a reason to stop, and a stream's last event.</summary>
    public bool Complete { get; init; }

    /// <summary>Whether the error has the API's name for too many requests.</summary>
    public bool RateLimited { get; init; }

    /// <summary>The error's message; null: no error.</summary>
    public string? Error { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    /// <summary>The model's turn, as the API wants it back.</summary>
    public System.Text.Json.Nodes.JsonNode? Turn { get; init; }
}

using System.Text;
using System.Text.Json.Nodes;

namespace EdgeRouter.FunctionalTests.Completions;

/// <summary>A caller of <c>POST /completions</c>.</summary>
internal static class CompletionCaller
{
    public const string Path = "/api/v1/completions";

    /// <summary>A request's body; without a <c>prompt</c> among <paramref name="more"/> it says hello.</summary>
    public static string Body(bool stream, string more = "")
    {
        var prompt = more.Contains("\"prompt\"", StringComparison.Ordinal) ? "" : ",\"prompt\":\"Say hello\"";
        return $"{{\"model\":\"{TestEnvironment.Model}\",\"stream\":{(stream ? "true" : "false")}{prompt}{(more.Length > 0 ? "," : "")}{more}}}";
    }

    public static async Task<CallerAnswer> CompleteAsync(this TestEnvironment environment, bool stream, string more = "")
    {
        using var response = await environment.PostCompletionAsync(Body(stream, more));
        return await CallerAnswer.ReadAsync(response);
    }

    public static Task<HttpResponseMessage> PostCompletionAsync(this TestEnvironment environment, string body, string path = Path) =>
        environment.Router.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead);

    /// <summary>The text of a choice.</summary>
    public static string CompletedText(this CallerAnswer answer, int choice = 0) => string.Concat((answer.IsStream ? answer.Chunks : [answer.Json])
        .SelectMany(part => part["choices"]!.AsArray()).Where(part => part!["index"]!.GetValue<int>() == choice)
        .Select(part => part!["text"]!.GetValue<string>()));

    /// <summary>Every member of every choice, in order.</summary>
    public static IEnumerable<string> ChoiceMembers(this CallerAnswer answer) => (answer.IsStream ? answer.Chunks : [answer.Json])
        .SelectMany(part => part["choices"]!.AsArray()).SelectMany(choice => choice!.AsObject().Select(member => member.Key)).Distinct();

    public static int Tokens(this CallerAnswer answer, string name) => answer.Usage![name]!.GetValue<int>();

    public static JsonNode? Member(this JsonNode node, string path) => path.Split('/').Aggregate((JsonNode?)node, (at, name) => at?[name]);
}

using System.Text.Json;
using EdgeRouter.Dialects.OpenAIResponses.Caller.Requests.Reading;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>The input of a custom tool, from the arguments of the function that stands for it. Stateless; never throws.</summary>
internal static class ResponsesCustomInput
{
    /// <summary>The input; the arguments as they are, if they are no object with an input.</summary>
    public static string Of(string arguments)
    {
        try
        {
            var json = JsonElement.Parse(arguments);
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(ResponsesTool.InputMember, out var input)
                && input.ValueKind == JsonValueKind.String)
                return input.GetString()!;
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // not JSON, or not valid UTF-16
        }
        return arguments;
    }
}

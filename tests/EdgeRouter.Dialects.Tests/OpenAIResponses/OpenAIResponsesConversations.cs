using System.Text.Json.Nodes;

namespace EdgeRouter.Dialects.Tests.OpenAIResponses;

/// <summary>Requests of any turns that the wire can express.</summary>
internal static class OpenAIResponsesConversations
{
    private static readonly string[] Words = ["a", "word ", "é漢😀", "\"quoted\"\n", "line two"];

    public static string Next(Random random)
    {
        var input = new JsonArray();
        var calls = 0;
        if (random.Next(2) == 0) input.Add(Item("message", ("role", random.Next(2) == 0 ? "developer" : "system"), ("content", Word(random))));
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            input.Add(Item("message", ("role", "user"), ("content", User(random))));
            if (random.Next(2) == 0) input.Add(Reasoning(random));
            if (random.Next(2) == 0) input.Add(Item("message", ("role", "assistant"), ("content", new JsonArray(Answer(random)))));
            var ids = Enumerable.Range(0, random.Next(3)).Select(_ => $"c{calls++}").ToList();
            foreach (var id in ids) input.Add(Item("function_call", ("call_id", id), ("name", "f"), ("arguments", "{\"n\": 1}")));
            foreach (var id in ids) input.Add(Item("function_call_output", ("call_id", id), ("output", Output(random))));
        }
        var body = new JsonObject { ["model"] = "acme/one", ["input"] = input };
        if (random.Next(2) == 0) body["max_output_tokens"] = 5000;
        if (random.Next(2) == 0) body["reasoning"] = new JsonObject { ["effort"] = "low" };
        if (random.Next(2) == 0) body["text"] = new JsonObject { ["verbosity"] = "low" };
        body["tools"] = new JsonArray(Item("function", ("name", "f"), ("description", "F"), ("parameters", JsonNode.Parse("""{"type":"object"}""")!),
            ("strict", random.Next(2) == 0)));
        if (random.Next(3) == 0) body["tool_choice"] = random.Next(2) == 0 ? "required" : Item("function", ("name", "f"));
        if (random.Next(3) == 0) body["parallel_tool_calls"] = false;
        return body.ToJsonString();
    }

    private static JsonNode User(Random random) => random.Next(3) switch
    {
        0 => Word(random),
        1 => new JsonArray(Item("input_text", ("text", Word(random))), Item("input_image", ("image_url", "data:image/png;base64,AA=="), ("detail", "low"))),
        _ => new JsonArray(Item("input_file", ("filename", "a.pdf"), ("file_data", "data:application/pdf;base64,AA==")),
            Item("input_text", ("text", Word(random)))),
    };

    private static JsonNode Output(Random random) => random.Next(2) == 0 ? Word(random)
        : new JsonArray(Item("input_text", ("text", Word(random))), Item("input_image", ("image_url", "https://x/a.png"), ("detail", "auto")));

    private static JsonObject Answer(Random random) =>
        random.Next(4) == 0 ? Item("refusal", ("refusal", Word(random))) : Item("output_text", ("text", Word(random)));

    private static JsonObject Reasoning(Random random)
    {
        var summary = new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Item("summary_text", ("text", Word(random))))]);
        var item = Item("reasoning", ("summary", summary), ("encrypted_content", "opaque" + random.Next(100)));
        if (random.Next(2) == 0) item["id"] = "rs_" + random.Next(100);
        if (random.Next(2) == 0) item["content"] = new JsonArray(Item("reasoning_text", ("text", Word(random))));
        return item;
    }

    private static string Word(Random random) => Words[random.Next(Words.Length)] + random.Next(100);

    private static JsonObject Item(string type, params (string Name, JsonNode Value)[] members)
    {
        var item = new JsonObject { ["type"] = type };
        foreach (var (name, value) in members) item[name] = value;
        return item;
    }
}

using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.AnthropicMessages.Wire;
using EdgeRouter.Dialects.Tests.AnthropicMessages;
using EdgeRouter.Dialects.Tests.Gemini;
using EdgeRouter.Dialects.Tests.OpenAIChat;
using Xunit;

namespace EdgeRouter.Dialects.Tests.Conversation;

/// <summary>Random answers, on each wire once whole and once cut into a stream: both are the same list of parts.</summary>
public sealed class StreamedEqualsWholeTests
{
    private const int Rounds = 400;
    private static readonly string[] Words = ["a", "word ", "é漢😀", "\"quoted\"\n", "line two"];

    [Fact]
    public void Anthropic()
    {
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            var blocks = Enumerable.Range(0, random.Next(7)).Select(number => AnthropicBlock.Next(random, number)).ToList();
            var dialect = new AnthropicMessagesWire();
            var body = $$"""{"type":"message","content":[{{string.Join(',', blocks.Select(block => block.Whole))}}],"stop_reason":"end_turn"}""";
            var whole = dialect.ReadResponse(Encoding.UTF8.GetBytes(body), AnthropicStreams.Provider);
            string[] stream =
            [
                """{"type":"message_start","message":{}}""",
                .. blocks.SelectMany((block, index) => block.Stream(index)),
                """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""",
                """{"type":"message_stop"}""",
            ];
            Same(whole, PartStreams.Read(dialect.CreateStreamReader(AnthropicStreams.Provider), stream));
        }
    }

    [Fact]
    public void Gemini()
    {
        var random = new Random(2);
        for (var round = 0; round < Rounds; round++)
        {
            var parts = Enumerable.Range(0, random.Next(8)).Select(number => GeminiPart(random, number)).ToList();
            var whole = GeminiAnswers.Respond(Candidate(string.Join(',', parts.Select(part => part.Whole)), "\"finishReason\":\"STOP\""));
            var chunks = new List<string>();
            var pieces = new Queue<string>(parts.SelectMany(part => part.Pieces));
            while (pieces.Count > 0)
            {
                var count = Math.Min(random.Next(1, 4), pieces.Count);
                chunks.Add(Candidate(string.Join(',', Enumerable.Range(0, count).Select(_ => pieces.Dequeue()))));
            }
            chunks.Add(Candidate("", "\"finishReason\":\"STOP\""));
            Same(whole, GeminiAnswers.Stream([.. chunks]));
        }
    }

    [Fact]
    public void OpenAI()
    {
        var random = new Random(3);
        for (var round = 0; round < Rounds; round++)
        {
            var answer = OpenAIAnswer.Next(random);
            var whole = Samples.Wire.ReadResponse(Encoding.UTF8.GetBytes(answer.Whole), Samples.Provider());
            Same(whole, PartStreams.Read(Samples.Wire.CreateStreamReader(Samples.Provider()), answer.Stream));
        }
    }

    private static void Same(ChatResponse whole, List<StreamEvent> events)
    {
        PartStreams.CheckContract(events);
        var streamed = PartStreams.Join(events);
        Assert.Equal(Describe(whole), Describe(streamed));
    }

    private static IEnumerable<string> Describe(ChatResponse response) =>
        response.Choices.SelectMany(choice => choice.Message.Content.Select(Describe).Append($"{choice.Index} {choice.FinishReason}"));

    // Json is compared as text: two elements of the same text are not equal.
    private static string Describe(ContentPart part) => part switch
    {
        ReasoningPart reasoning => (reasoning with { Json = null }) + reasoning.Json?.GetRawText(),
        CitationPart citation => (citation with { Json = null }) + citation.Json?.GetRawText(),
        _ => part.ToString(),
    };

    private static string Text(Random random, bool mayBeEmpty = false)
    {
        var text = new StringBuilder();
        for (var i = random.Next(mayBeEmpty ? 0 : 1, 5); i > 0; i--) text.Append(Words[random.Next(Words.Length)]);
        return text.ToString();
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private static string Candidate(string parts, string? more = null) =>
        $$$"""{"responseId":"r","candidates":[{"content":{"parts":[{{{parts}}}]}{{{(more is null ? "" : "," + more)}}}}]}""";

    private static (string Whole, IEnumerable<string> Pieces) GeminiPart(Random random, int number)
    {
        switch (random.Next(4))
        {
            case 0:
                var call = $$$"""{"functionCall":{"id":"c{{{number}}}","name":"f","arg"""
                    + $$$"""s":{"n":{{{number}}}}}{{{(random.Next(2) == 0 ? ",\"thoughtSignature\":\"s\"" : "")}}}}""";
                return (call, [call]);
            case 1:
                const string Image = """{"inlineData":{"mimeType":"image/png","data":"AA=="}}""";
                return (Image, [Image]);
            default:
                var thought = random.Next(2) == 0 ? ",\"thought\":true" : "";
                // A signature comes with the last piece.
                var signature = random.Next(3) == 0 ? ",\"thoughtSignature\":\"s\"" : "";
                var text = Text(random);
                var pieces = PartStreams.Cut(text, random).Select(piece => Piece(piece, "")).ToList();
                pieces[^1] = pieces[^1][..^1] + signature + "}";
                return (Piece(text, signature), pieces);

                string Piece(string piece, string signed) => $$"""{"text":{{Quote(piece)}}{{thought}}{{signed}}}""";
        }
    }

    private sealed record AnthropicBlock(string Whole, string Start, string[] Deltas)
    {
        public static AnthropicBlock Next(Random random, int number)
        {
            switch (random.Next(4))
            {
                case 0:
                    var thought = Text(random, mayBeEmpty: true);
                    return new AnthropicBlock($$"""{"type":"thinking","thinking":{{Quote(thought)}},"signature":"s{{number}}"}""",
                        """{"type":"thinking","thinking":""}""",
                        [.. PartStreams.Cut(thought, random).Select(piece => $$"""{"type":"thinking_delta","thinking":{{Quote(piece)}}}"""),
                            $$"""{"type":"signature_delta","signature":"s{{number}}"}"""]);
                case 1:
                    var redacted = $$"""{"type":"redacted_thinking","data":"d{{number}}"}""";
                    return new AnthropicBlock(redacted, redacted, []);
                case 2:
                    var input = random.Next(3) == 0 ? "{}" : $$"""{"n":{{number}}}""";
                    return new AnthropicBlock($$"""{"type":"tool_use","id":"c{{number}}","name":"f","input":{{input}}}""",
                        $$"""{"type":"tool_use","id":"c{{number}}","name":"f","input":{} }""",
                        [.. PartStreams.Cut(input, random).Select(piece => $$"""{"type":"input_json_delta","partial_json":{{Quote(piece)}}}""")]);
                default:
                    var text = Text(random, mayBeEmpty: true);
                    var citation = """{"type":"web_search_result_location","url":"u","title":"t","cited_text":"c"}""";
                    var isCited = random.Next(3) == 0;
                    return new AnthropicBlock($$"""{"type":"text","text":{{Quote(text)}},"citations":[{{(isCited ? citation : "")}}]}""",
                        """{"type":"text","text":""}""",
                        [.. PartStreams.Cut(text, random).Select(piece => $$"""{"type":"text_delta","text":{{Quote(piece)}}}"""),
                            .. isCited ? [$$"""{"type":"citations_delta","citation":{{citation}}}"""] : Array.Empty<string>()]);
            }
        }

        public IEnumerable<string> Stream(int index) =>
        [
            $$"""{"type":"content_block_start","index":{{index}},"content_block":{{Start}}}""",
            .. Deltas.Select(delta => $$"""{"type":"content_block_delta","index":{{index}},"delta":{{delta}}}"""),
            $$"""{"type":"content_block_stop","index":{{index}}}""",
        ];
    }

    /// <summary>Members in their canonical order, as a whole message and as chunks of one member each.</summary>
    private sealed record OpenAIAnswer(string Whole, IReadOnlyList<string> Stream)
    {
        public static OpenAIAnswer Next(Random random)
        {
            var members = new List<string>();
            var deltas = new List<string>();
            AddReasoning(random, members, deltas);
            if (random.Next(4) > 0) AddText(random, "content", members, deltas);
            if (random.Next(4) == 0) AddText(random, "refusal", members, deltas);
            if (random.Next(4) == 0) Add("\"images\":[{\"image_url\":{\"url\":\"data:,\"}}]");
            AddCalls(random, members, deltas);
            if (random.Next(4) == 0)
                Add("""
                    "annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t","start_index":1,"end_index":2,"x":0}},
                                   {"type":"url_citation","url_citation":{"url":"v"}}]
                    """.Trim());
            var whole = $$$"""{"choices":[{"index":0,"message":{{{{string.Join(',', members)}}}},"finish_reason":"stop"}]}""";
            return new OpenAIAnswer(whole,
            [
                .. deltas.Select(delta => $$$"""{"choices":[{"index":0,"delta":{{{{delta}}}}}]}"""),
                """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
                "[DONE]",
            ]);

            void Add(string member)
            {
                members.Add(member);
                deltas.Add(member);
            }
        }

        private static void AddText(Random random, string name, List<string> members, List<string> deltas)
        {
            var text = Text(random);
            members.Add($"\"{name}\":{Quote(text)}");
            deltas.AddRange(PartStreams.Cut(text, random).Select(piece => $"\"{name}\":{Quote(piece)}"));
        }

        private static void AddReasoning(Random random, List<string> members, List<string> deltas)
        {
            var kind = random.Next(3);
            if (kind == 0) AddText(random, "reasoning", members, deltas);
            if (kind != 1) return;
            var blocks = new List<string>();
            for (var index = 0; index < random.Next(1, 4); index++)
            {
                var number = index;
                if (random.Next(3) == 0)
                {
                    var encrypted = $$"""{"type":"reasoning.encrypted","data":"d","id":"i","index":{{number}}}""";
                    blocks.Add(encrypted);
                    deltas.Add($"\"reasoning_details\":[{encrypted}]");
                    continue;
                }
                var text = Text(random);
                blocks.Add(Block(Quote(text), "s"));
                deltas.AddRange(PartStreams.Cut(text, random).Select(piece => $"\"reasoning_details\":[{Block(Quote(piece), null)}]"));
                deltas.Add($$"""
                    "reasoning_details":[{"type":"reasoning.text","signature":"s","format":"anthropic-claude-v1","index":{{number}}}]
                    """.Trim());

                string Block(string quoted, string? signature) =>
                    $$"""{"type":"reasoning."""
                        + $$"""text","text":{{quoted}}{{(signature is null ? "" : ",\"signature\":\"s\"")}},"format":"anthropic-claude-v1","inde"""
                        + $$"""x":{{number}}}""";
            }
            members.Add("\"reasoning_details\":[" + string.Join(',', blocks) + "]");
        }

        private static void AddCalls(Random random, List<string> members, List<string> deltas)
        {
            var count = random.Next(4);
            if (count == 0) return;
            var calls = Enumerable.Range(0, count).Select(number => (Id: $"c{number}", Arguments: new Queue<string>(PartStreams.Cut(Text(random), random))))
                .ToList();
            members.Add("\"tool_calls\":[" + string.Join(',', calls.Select(call =>
                $$$"""{"id":"{{{call.Id}}}","function":{"name":"f","arguments":{{{Quote(string.Concat(call.Arguments))}}}}}""")) + "]");
            deltas.AddRange(calls.Select((call, number) =>
                $$$"""
                "tool_calls":[{"index":{{{number}}},"id":"{{{call.Id}}}","function":{"name":"f","arguments":{{{Quote(call.Arguments.Dequeue())}}}}}]
                """.Trim()));
            // Pieces of several calls come by turns.
            while (calls.Exists(call => call.Arguments.Count > 0))
            {
                var number = random.Next(count);
                if (!calls[number].Arguments.TryDequeue(out var piece)) continue;
                deltas.Add($$$"""
                    "tool_calls":[{"index":{{{number}}},"function":{"arguments":{{{Quote(piece)}}}}}]
                    """.Trim());
            }
        }
    }
}

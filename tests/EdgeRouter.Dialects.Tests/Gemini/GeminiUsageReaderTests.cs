using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Gemini.Wire.Answers;
using Xunit;
using static EdgeRouter.Dialects.Tests.Gemini.GeminiTarget;

namespace EdgeRouter.Dialects.Tests.Gemini;

public class GeminiUsageReaderTests
{
    public static TheoryData<string, TokenUsage> Rows => new()
    {
        { "{}", new() },
        { """{"promptTokenCount":10,"candidatesTokenCount":5,"totalTokenCount":15}""", new() { Input = 10, Output = 5 } },
        { """{"promptTokenCount":10}""", new() { Input = 10 } },
        { """{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":7}""", new() { Input = 10, Output = 5, Reasoning = 7 } },
        // Zeros are left out by the provider; the total tells them from unknown ones.
        { """{"promptTokenCount":10,"thoughtsTokenCount":7,"toolUsePromptTokenCount":2,"totalTokenCount":19}""",
            new() { Input = 12, Output = 0, Reasoning = 7 } },
        { """{"promptTokenCount":10,"totalTokenCount":3}""", new() { Input = 10, Output = 0 } },
        { """{"promptTokenCount":10,"toolUsePromptTokenCount":3}""", new() { Input = 13 } },
        { """{"toolUsePromptTokenCount":3}""", new() { Input = 3 } },
        // Cached tokens are inside the prompt.
        { """{"promptTokenCount":100,"cachedContentTokenCount":60}""", new() { Input = 40, CacheRead = 60 } },
        { """{"promptTokenCount":100,"cachedContentTokenCount":0}""", new() { Input = 100, CacheRead = 0 } },
        { """{"promptTokenCount":100,"cachedContentTokenCount":150}""", new() { Input = 0, CacheRead = 100 } },
        // Modalities are inside the prompt too; documents are not apart.
        {
            """{"promptTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"IMAGE","tokenCount":50},"""
                + """{"modality":"AUDIO","tokenCount":20},{"modality":"VIDEO","tokenCount":15},{"modality":"DOCUMENT","tokenCount":5}]}""",
            new() { Input = 15, InputImage = 50, InputAudio = 20, InputVideo = 15 }
        },
        { """{"promptTokenCount":30,"promptTokensDetails":[{"modality":"IMAGE","tokenCount":50}]}""", new() { Input = 0, InputImage = 30 } },
        { """{"promptTokenCount":30,"promptTokensDetails":[{"modality":"IMAGE","tokenCount":5},{"modality":"IMAGE","tokenCount":6}]}""",
            new() { Input = 19, InputImage = 11 } },
        // Cached tokens come out of text first, then out of the rest, unless the provider says which they were.
        {
            """{"promptTokenCount":100,"cachedContentTokenCount":60,"promptTokensDetails":[{"modality":"TEXT","tokenCount":40},"""
                + """{"modality":"IMAGE","tokenCount":60}]}""",
            new() { Input = 0, CacheRead = 60, InputImage = 40 }
        },
        {
            """{"promptTokenCount":100,"cachedContentTokenCount":60,"promptTokensDetails":[{"modality":"TEXT","tokenCount":40},"""
                + """{"modality":"AUDIO","tokenCount":60}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":50},{"modality":"TEXT","tokenCount":10}]}""",
            new() { Input = 30, CacheRead = 60, InputAudio = 10 }
        },
        // Pictures and speech are inside the candidates' count.
        { """{"promptTokenCount":1,"candidatesTokenCount":1300,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290}]}""",
            new() { Input = 1, Output = 10, OutputImage = 1290 } },
        { """{"promptTokenCount":1,"candidatesTokenCount":90,"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":90}]}""",
            new() { Input = 1, Output = 0, OutputAudio = 90 } },
        // Numbers that are no counts are read as they are, and judged when they are priced; they do not break the answer.
        { """{"promptTokenCount":-1,"candidatesTokenCount":"5","thoughtsTokenCount":1.5,"promptTokensDetails":[3,{"modality":7},{"modality":"AUDIO"}]"""
            + ""","cachedContentTokenCount":1e99}""",
            new() { Input = 0, CacheRead = -1, Reasoning = 1 } },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Usage_is_read_into_disjoint_classes(string json, TokenUsage expected) => Assert.Equal(expected, GeminiUsageReader.Read(Parsed(json)));

    [Fact]
    public void Classes_always_add_up_to_the_providers_counts()
    {
        var random = new Random(42);
        string Details() =>
            string.Join(',', new[] { "TEXT", "IMAGE", "AUDIO", "VIDEO", "DOCUMENT" }.Where(_ => random.Next(2) == 0)
            .Select(modality => $$"""{"modality":"{{modality}}","tokenCount":{{random.Next(200)}}}"""));
        for (var round = 0; round < 5000; round++)
        {
            var (prompt, tools, output, thoughts) = (random.Next(300), random.Next(50), random.Next(300), random.Next(100));
            var usage = GeminiUsageReader.Read(Parsed($$"""
                {"promptTokenCount":{{prompt}},"toolUsePromptTokenCount":{{tools}},"candidatesTokenCount":{{output}},
                 "thoughtsTokenCount":{{thoughts}},"cachedContentTokenCount":{{random.Next(400)}},
                 "promptTokensDetails":[{{Details()}}],"cacheTokensDetails":[{{Details()}}],"candidatesTokensDetails":[{{Details()}}]}
                """));

            Assert.Equal((prompt + tools, output + thoughts), (usage.PromptTotal, usage.CompletionTotal));
            Assert.All(new[] { usage.Input, usage.CacheRead, usage.InputAudio, usage.InputImage, usage.InputVideo, usage.Output, usage.OutputAudio,
                usage.OutputImage }, count => Assert.False(count < 0));
        }
    }
}

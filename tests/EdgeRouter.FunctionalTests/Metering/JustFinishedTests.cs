using EdgeRouter.FunctionalTests.Stubs;
using Xunit;

namespace EdgeRouter.FunctionalTests.Metering;

/// <summary>Whoever has the whole answer can ask for its record: they wait for it rather than being told that there is none.</summary>
public sealed class JustFinishedTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_on_its_way_is_waited_for(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        var hold = new TaskCompletionSource();
        environment.Tap.Hold = hold.Task;

        // The last event or the whole body is with the caller while the record has not reached the queue.
        using var caller = await CallerStream.OpenAsync(await environment.SendAsync(environment.Body(stream)));
        await caller.ReadToAsync(line => stream ? line == "data: [DONE]" : line.EndsWith("}}}", StringComparison.Ordinal));
        using var other = environment.Router.ClientOf(RouterUnderTest.InferenceKey);
        var asking = other.GetAsync($"/api/v1/generation?id={caller.GenerationId}");
        await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(200)));
        Assert.False(asking.IsCompleted, "It was answered before the record was there.");
        hold.SetResult();

        using var response = await asking;
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Record_can_be_read_right_after_every_answer(bool stream)
    {
        await using var environment = await TestEnvironment.StartAsync(OpenAIWire.Says("Hello"));
        using var other = environment.Router.ClientOf(RouterUnderTest.InferenceKey);
        for (var i = 0; i < 50; i++)
        {
            var answer = await environment.ChatAsync(stream);
            using var response = await other.GetAsync($"/api/v1/generation?id={answer.GenerationId}");
            Assert.Equal(200, (int)response.StatusCode);
        }
    }
}

using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Metering;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.TestSupport;
using EdgeRouter.Upstreams.Auth;
using EdgeRouter.Upstreams.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Attempts;

/// <summary>What an attempt is charged for begins when it is sent.</summary>
public sealed class AttemptSenderTests
{
    [Fact]
    public async Task Nothing_is_sent_or_charged_for_a_caller_who_left_while_the_request_was_written()
    {
        var time = new VirtualTimeProvider();
        using var caller = new CancellationTokenSource();
        var request = new OpenAIChatCallerApi().Read(new NoHead(),
            """{"model":"acme/one","messages":[{"role":"user","content":"Hello"}]}"""u8.ToArray());
        var attempt = new Attempt(Candidates.Model("acme/one", ("a", 8000)).Endpoints[0], time.GetTimestamp());
        var clock = new AttemptClock(new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token), time, CancellationToken.None);
        // Without a client: nothing may be sent.
        var sender = new AttemptSender(new ProviderWires(new OpenAIChatWire()), null!, RouterSettings.Read(new ConfigurationBuilder().Build()), time);

        await caller.CancelAsync();
        // And without a judge of empty answers: there is no answer.
        await sender.SendAsync(attempt,
            new AttemptInput(request, new AnswerHeader("gen-1", 0, "acme/one", "a", false), null, false, new NoMedia(), null!), clock);

        Assert.Null(attempt.Sent);
        Assert.Equal((FailureClass.CallerGone, FailureCharge.None), (attempt.Failure!.Class, attempt.Charge));
    }

    /// <summary>At a provider that goes on after its connection is closed, and without a place to read on.</summary>
    [Theory]
    [InlineData(false, FailureCharge.None)]
    [InlineData(true, FailureCharge.PromptAndAnswer)]
    public async Task Caller_who_leaves_is_charged_only_once_the_request_goes_out(bool goesOut, FailureCharge charge)
    {
        var time = new VirtualTimeProvider();
        using var caller = new CancellationTokenSource();
        var request = new OpenAIChatCallerApi().Read(new NoHead(),
            """{"model":"acme/one","messages":[{"role":"user","content":"Hello"}]}"""u8.ToArray());
        var provider = new Provider
        {
            Slug = "a",
            Name = "a",
            Wire = WireNames.OpenAIChat,
            Auth = AuthSchemes.Bearer,
            BaseUrl = new Uri($"https://{SlowProvider.Name}/"),
            AbortStopsBilling = false,
        };
        using var slow = new SlowProvider(goesOut);
        var attempt = new Attempt(Candidates.At(provider), time.GetTimestamp());
        var clock = new AttemptClock(new RequestClock(time.GetTimestamp(), TimeSpan.FromMinutes(1), time, caller.Token), time, CancellationToken.None,
            attempt: attempt);
        var wire = new OpenAIChatWire();
        using var client = new UpstreamClient([wire], new UpstreamAuthSchemes(new BearerAuth()), new UpstreamOptions(), time, [slow]);
        var sender = new AttemptSender(new ProviderWires(wire), client, RouterSettings.Read(new ConfigurationBuilder().Build()), time);

        var sending = sender.SendAsync(attempt,
            new AttemptInput(request, new AnswerHeader("gen-1", 0, "acme/one", "a", false), null, false, new NoMedia(), null!), clock).AsTask();
        await slow.Reached.WaitAsync(TimeSpan.FromSeconds(10));
        await caller.CancelAsync();
        await sending.WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal((FailureClass.CallerGone, charge), (attempt.Failure!.Class, attempt.Charge));
        var estimate = new OutputEstimate(new HealthRegistry(time, new Random(1)), new RoutingPolicy(), time, NullLogger<OutputEstimate>.Instance);
        Assert.Equal(goesOut ? 8000 : 0, estimate.EstimateTotal(request.Facts, attempt, FailureClass.CallerGone, 0, isReported: false));
    }

    /// <summary>Takes the request, or not even that, as while a connection is opened, and never answers.</summary>
    private sealed class SlowProvider(bool takesRequest) : InProcessHandler
    {
        public const string Name = "slow.invalid";
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => reached.Task;

        public override string Host => Name;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (takesRequest) await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("It never answers.");
        }
    }

    private sealed class NoMedia : IMediaInliner
    {
        public bool KeepsUrlsFrom(Provider provider) => false;

        public ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, Provider provider,
            IRequestFields fields, CancellationToken cancellationToken) => new((request, null));
    }
}

using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.OpenAIChat.Wire;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Gateway.Attempts;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.Gateway.Tests.Forwarding;
using EdgeRouter.TestSupport;
using Microsoft.Extensions.Configuration;
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

    private sealed class NoMedia : IMediaInliner
    {
        public bool KeepsUrlsFrom(Provider provider) => false;

        public ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, Provider provider,
            IRequestFields fields, CancellationToken cancellationToken) => new((request, null));
    }
}

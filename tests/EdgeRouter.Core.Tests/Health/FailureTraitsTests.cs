using EdgeRouter.Core.Health;
using Xunit;

namespace EdgeRouter.Core.Tests.Health;

public class FailureTraitsTests
{
    public static TheoryData<FailureClass> Classes => [.. Enum.GetValues<FailureClass>()];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_class_has_a_row_with_a_status_a_type_and_a_reason(FailureClass failureClass)
    {
        var traits = FailureTraits.Of(failureClass);
        Assert.NotEmpty(traits.Reason);
        Assert.InRange(traits.Status, 400, 599);
        Assert.NotEmpty(traits.ErrorType);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Caller_never_sees_the_routers_credential_as_their_own(FailureClass failureClass) =>
        Assert.False(FailureTraits.Of(failureClass).Status is 401 or 402);

    [Theory]
    [MemberData(nameof(Classes))]
    public void Callers_fault_is_not_tried_again_at_the_same_endpoint(FailureClass failureClass)
    {
        var traits = FailureTraits.Of(failureClass);
        Assert.False(traits.Blame == Blame.Caller && traits.IsTransient);
    }

    [Theory]
    [InlineData(FailureClass.CallerGone)]
    [InlineData(FailureClass.Cancelled)]
    public void Unwanted_work_blames_nobody_and_stops(FailureClass failureClass)
    {
        Assert.Equal(Blame.Nobody, FailureTraits.Of(failureClass).Blame);
        Assert.Equal(Remedy.Stop, FailureTraits.Of(failureClass).Remedy);
    }

    [Fact]
    public void Context_length_permits_larger_endpoints_only()
    {
        var remedy = FailureTraits.Of(FailureClass.ContextLength).Remedy;
        Assert.True(remedy.HasFlag(Remedy.LargerEndpoint));
        Assert.False(remedy.HasFlag(Remedy.NextEndpoint));
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Health_hears_what_the_blame_says(FailureClass failureClass)
    {
        var traits = FailureTraits.Of(failureClass);
        Assert.NotEqual(AttemptResult.Answered, traits.Result);
        Assert.Equal(traits.Blame == Blame.Caller, traits.Result == AttemptResult.CallerFault);
        // The only fault of a provider that its health does not hear: earlier attempts may have used up the time.
        Assert.Equal(traits.Blame == Blame.Provider && failureClass != FailureClass.TotalTimeout, traits.Result.IsFailure() && traits.Blame == Blame.Provider);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Answer_that_says_why_there_is_none_is_not_charged(FailureClass failureClass)
    {
        var traits = FailureTraits.Of(failureClass);
        if (traits.Blame is Blame.Caller or Blame.Credential or Blame.Router) Assert.Equal(FailureCharge.None, traits.Charge);
    }

    [Theory]
    [InlineData(FailureClass.ConnectFailed, FailureCharge.None)]
    [InlineData(FailureClass.ServerError, FailureCharge.None)]
    [InlineData(FailureClass.ProviderTimeout, FailureCharge.Prompt)]
    [InlineData(FailureClass.ConnectionReset, FailureCharge.Prompt)]
    [InlineData(FailureClass.EmptyAnswer, FailureCharge.Prompt)]
    [InlineData(FailureClass.FirstTokenTimeout, FailureCharge.PromptAndAnswer)]
    [InlineData(FailureClass.Cancelled, FailureCharge.PromptAndAnswer)]
    [InlineData(FailureClass.CallerGone, FailureCharge.PromptAndAnswer)]
    public void What_was_sent_may_be_charged(FailureClass failureClass, FailureCharge charge) => Assert.Equal(charge, FailureTraits.Of(failureClass).Charge);
}

using EdgeRouter.Upstreams.Failures;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Failures;

public class FailureTraitsTests
{
    public static TheoryData<FailureClass> Classes => [.. Enum.GetValues<FailureClass>()];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_class_has_an_error_status_and_type(FailureClass failureClass)
    {
        var traits = FailureTraits.Of(failureClass);
        Assert.InRange(traits.Status, 400, 599);
        Assert.NotEmpty(traits.ErrorType);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void Caller_never_sees_the_routers_credential_as_his_own(FailureClass failureClass) =>
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
}

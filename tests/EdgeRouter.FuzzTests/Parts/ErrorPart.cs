using System.Net.Http.Headers;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Upstreams.Failures;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>Reads a provider's error: never throws, its text is bounded, it has a class, and no wait is longer than the longest.</summary>
internal sealed class ErrorPart(IProviderWire wire) : IFuzzedPart
{
    private const int LongestMessage = 64 * 1024;
    private static readonly int[] Statuses = [400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529, 200, 302];
    private static readonly HttpResponseHeaders NoHeaders = new HttpResponseMessage().Headers;

    public string Kind => FuzzCorpus.Answers;

    public string Format => wire.Name;

    public void Check(PartInput input)
    {
        var status = Statuses[input.Split % Statuses.Length];
        var error = wire.ReadError(status, input.Content);
        Assert.InRange(error.Message?.Length ?? 0, 0, LongestMessage);
        Assert.True(Enum.IsDefined(FailureClassifier.Classify(wire.Name, status, error, input.Content)));
        var wait = RetryAfterReader.Read(NoHeaders, status, input.Content, DateTimeOffset.UnixEpoch);
        Assert.InRange(wait ?? TimeSpan.Zero, TimeSpan.Zero, RetryAfterReader.MaxWait);
    }
}

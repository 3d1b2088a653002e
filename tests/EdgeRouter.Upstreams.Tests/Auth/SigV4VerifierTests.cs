using EdgeRouter.TestSupport.Signatures;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Auth;

/// <summary>The verifier of the tests against the signatures that Amazon publishes (its test suite for version 4).</summary>
public sealed class SigV4VerifierTests
{
    private const string KeyId = "AKIDEXAMPLE";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("GET", "/?Param1=value1", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb")]
    public void Published_signature_is_right_and_another_is_not(string method, string target, string signature)
    {
        Assert.Null(SigV4Verifier.FindFault(Request(method, target, signature), KeyId, Secret, "us-east-1/service"));
        Assert.Equal("the signature does not match",
            SigV4Verifier.FindFault(Request(method, target, signature.Replace('a', 'b')), KeyId, Secret, "us-east-1/service"));
        Assert.Equal("the signature does not match", SigV4Verifier.FindFault(Request(method, target, signature), KeyId, Secret + "x", "us-east-1/service"));
    }

    [Fact]
    public void Signature_for_another_service_is_not_right() =>
        Assert.StartsWith("credential ", SigV4Verifier.FindFault(Request("GET", "/", "5f"), KeyId, Secret, "us-east-1/other"), StringComparison.Ordinal);

    private static SignedRequest Request(string method, string target, string signature) => new(method, target, SignedRequest.Index(
    [
        new("Host", "example.amazonaws.com"),
        new("X-Amz-Date", "20150830T123600Z"),
        new("Authorization", $"AWS4-HMAC-SHA256 Credential={KeyId}/20150830/us-east-1/service/aws4_request, "
            + $"SignedHeaders=host;x-amz-date, Signature={signature}"),
    ]), []);
}

using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRouter.FunctionalTests.BadInput;

/// <summary>What every error has in common.</summary>
internal static class ErrorEnvelope
{
    /// <summary>Checks status and envelope, and that the process still answers. Returns the error object.</summary>
    public static async Task<JsonNode> AssertAsync(RouterUnderTest router, HttpResponseMessage response, int status, string errorType)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"Expected {status}, got {(int)response.StatusCode}: {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var error = JsonNode.Parse(body)!["error"]!;
        Assert.Equal(System.Text.Json.JsonValueKind.Number, error["code"]!.GetValueKind());
        Assert.Equal(status, error["code"]!.GetValue<int>());
        Assert.NotEqual("", error["message"]!.GetValue<string>());
        Assert.Equal(errorType, error["metadata"]!["error_type"]!.GetValue<string>());
        using var health = await router.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        return error;
    }
}

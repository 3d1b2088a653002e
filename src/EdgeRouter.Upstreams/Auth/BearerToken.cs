using System.Net.Http.Headers;

namespace EdgeRouter.Upstreams.Auth;

/// <summary>Sends a token in <c>Authorization: Bearer</c>.</summary>
internal static class BearerToken
{
    public static void Add(HttpRequestMessage request, string token) => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    public static ValueTask AddAsync(HttpRequestMessage request, TokenCache tokens, CancellationToken cancellationToken)
    {
        var token = tokens.GetAsync(cancellationToken);
        if (!token.IsCompletedSuccessfully) return AddLaterAsync(request, token);
        Add(request, token.Result);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask AddLaterAsync(HttpRequestMessage request, ValueTask<string> token) => Add(request, await token.ConfigureAwait(false));
}

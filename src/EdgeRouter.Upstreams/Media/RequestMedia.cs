using System.Globalization;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Media;

/// <summary>
/// The images and files of one request: each URL is fetched once for all its attempts, a few at a time, so that one request does not take every turn
/// of the process. Thread-safe.
/// </summary>
/// <param name="fetcher">Fetches.</param>
/// <param name="options">Bounds.</param>
/// <param name="caller">Account of the caller.</param>
/// <param name="callerGone">Ends all fetches. An attempt that is stopped ends only its own wait, because another may need the same bytes.</param>
public sealed class RequestMedia(MediaFetcher fetcher, UpstreamOptions options, string caller, CancellationToken callerGone) : IMediaInliner
{
    private readonly Lock gate = new();
    private Dictionary<(string Url, MediaKind Kind), Task<MediaResult>>? fetches;
    private SemaphoreSlim? share;
    private MediaBudget? budget;

    /// <inheritdoc/>
    public bool KeepsUrlsFrom(Provider provider) =>
        !options.AllowPrivateFetch && provider.BaseUrl is { } baseUrl && PrivateProviders.IsPrivate(baseUrl);

    /// <inheritdoc/>
    public async ValueTask<(ChatRequest? Request, RouterError? Error)> InlineAsync(ChatRequest request, IConversationWire wire, Provider provider,
        IRequestFields fields, CancellationToken cancellationToken)
    {
        var sources = MediaSource.Find(request, wire, KeepsUrlsFrom(provider));
        if (sources.Count == 0) return (request, null);
        if (sources.Count > options.MaxMediaPerRequest)
        {
            var expected = string.Create(CultureInfo.InvariantCulture,
                $"at most {options.MaxMediaPerRequest} URLs can be fetched for one request, found {sources.Count}");
            return (null, RouterError.InvalidField(fields.FieldOf(request, RequestPlace.Messages), expected));
        }
        var fetched = await Task.WhenAll(sources.Select(source => FetchOnce(source, fields.FieldOf(request, source.Place)))).WaitAsync(cancellationToken)
            .ConfigureAwait(false);
        var messages = request.Messages.ToArray();
        for (var i = 0; i < sources.Count; i++)
        {
            if (fetched[i].Error is { } error) return (null, error);
            var place = sources[i].Place;
            var content = messages[place.Index].Content.ToArray();
            content[place.Part] = MediaSource.Replace(content[place.Part], place.Inner, fetched[i].DataUrl!);
            messages[place.Index] = messages[place.Index] with { Content = content };
        }
        return (request with { Messages = messages }, null);
    }

    private Task<MediaResult> FetchOnce(MediaSource source, string field)
    {
        lock (gate)
        {
            fetches ??= [];
            share ??= new SemaphoreSlim(options.MaxFetchesPerRequest);
            budget ??= new MediaBudget(options.MaxMediaBytes);
            if (fetches.TryGetValue((source.Url, source.Kind), out var known)) return known;
            var fetch = FetchAsync(source, field, share, budget);
            fetches.Add((source.Url, source.Kind), fetch);
            return fetch;
        }
    }

    private async Task<MediaResult> FetchAsync(MediaSource source, string field, SemaphoreSlim turns, MediaBudget bytes)
    {
        await turns.WaitAsync(callerGone).ConfigureAwait(false);
        try
        {
            return await fetcher.FetchAsync(source.Url, source.Kind, field, bytes, caller, callerGone).ConfigureAwait(false);
        }
        finally
        {
            turns.Release();
        }
    }
}

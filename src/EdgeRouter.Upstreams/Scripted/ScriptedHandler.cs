using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.Embeddings.Caller;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Dialects.Rerank.Caller;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// A provider inside the process that needs no key, for tests, demonstrations and first steps. It speaks OpenAI Chat, embeddings and reranking over HTTP
/// semantics, with statuses, headers, server-sent events and broken connections, so that the router treats it like every other provider. The model's
/// name selects its behaviour, see <see cref="ScriptedModels"/>. Thread-safe.
/// </summary>
/// <param name="timeProvider">Clock of the pauses.</param>
public sealed class ScriptedHandler(TimeProvider timeProvider) : InProcessHandler
{
    /// <summary>Its slug in the provider table.</summary>
    public const string Slug = "scripted";

    private static readonly OpenAIChatCallerApi Chat = new();
    private static readonly EmbeddingsCallerApi Embeddings = new();
    private static readonly RerankCallerApi Rerank = new();

    /// <inheritdoc/>
    public override string Host => "scripted.invalid";

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Post || request.Content is null || ApiAt(request.RequestUri?.AbsolutePath) is not { } api)
            return Refuse(request, ScriptedErrors.NotFound);
        var body = await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        CallerRequest asked;
        try
        {
            asked = api.Read(NoHead.Instance, body);
            (asked as ConversationRequest)?.GetConversation();
        }
        catch (RouterException invalid)
        {
            return Refuse(request, ScriptedErrors.InvalidRequest(invalid.Error.Message));
        }
        var name = asked.Facts.Model ?? "";
        if (ScriptedModel.Parse(name) is not { } model) return Refuse(request, ScriptedErrors.ModelNotFound(name));
        if (model.Script == ScriptedModels.Refused) throw ScriptedErrors.ConnectionRefused();
        if (model.Script == ScriptedModels.Silent) await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken).ConfigureAwait(false);
        if (ScriptedProvider.FindError(model) is { } failure) return Refuse(request, failure);
        if (asked is not ConversationRequest chat)
        {
            if (asked is EmbeddingsRequest { Dimensions: > ScriptedEmbeddings.MaxDimensions }) return Refuse(request, ScriptedErrors.TooManyDimensions);
            await Task.Delay(model.Delay, timeProvider, cancellationToken).ConfigureAwait(false);
            return Answer(request, asked is EmbeddingsRequest embeddings
                ? Embed(name, embeddings, body) : ScriptedRerank.Rank(body, ((RerankRequest)asked).ResultCount));
        }
        return ScriptedProvider.FindError(chat.GetConversation()) is { } error ? Refuse(request, error) : Answer(request, model, name, chat);
    }

    private static ICallerApi? ApiAt(string? path)
    {
        foreach (var api in (ICallerApi[])[Chat, Embeddings, Rerank])
            if (path?.EndsWith("/" + api.Paths[0], StringComparison.Ordinal) == true) return api;
        return null;
    }

    private byte[] Embed(string name, EmbeddingsRequest asked, byte[] body)
    {
        var answer = ScriptedEmbeddings.Embed(body, asked.Dimensions);
        var output = new ArrayBufferWriter<byte>();
        asked.WriteResponse(answer, HeaderOf(name), UsageReport.Unknown with { Usage = answer.Usage ?? default }, output);
        return output.WrittenSpan.ToArray();
    }

    private static HttpResponseMessage Answer(HttpRequestMessage request, byte[] json)
    {
        var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = content };
    }

    private AnswerHeader HeaderOf(string name) =>
        new("scripted-" + name, timeProvider.GetUtcNow().ToUnixTimeSeconds(), name, Slug, ExcludeReasoning: false);

    private HttpResponseMessage Answer(HttpRequestMessage request, ScriptedModel model, string name, ConversationRequest chat)
    {
        var header = HeaderOf(name);
        IScriptedBody body = chat.Facts.Stream ? new ScriptedEventStream(chat.CreateStreamWriter(header)) : new ScriptedWholeBody(chat, header);
        var content = new StreamContent(new ScriptedStream(ScriptedProvider.Play(model, chat.GetConversation()), body, timeProvider));
        content.Headers.ContentType = new MediaTypeHeaderValue(body.MediaType);
        return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = content };
    }

    private static HttpResponseMessage Refuse(HttpRequestMessage request, ScriptedError error)
    {
        var content = new ByteArrayContent(error.ToJson());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var response = new HttpResponseMessage((HttpStatusCode)error.Status) { RequestMessage = request, Content = content };
        if (error.RetryAfter is { } seconds) response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return response;
    }

    /// <summary>A provider reads everything from the body.</summary>
    private sealed class NoHead : IRequestHead
    {
        public static readonly NoHead Instance = new();

        public string? Header(string name) => null;

        public string? RouteValue(string name) => null;

        public string? Query(string name) => null;
    }
}

using System.Net;
using System.Net.Http.Headers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Canonical;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using EdgeRouter.Upstreams.Http;

namespace EdgeRouter.Upstreams.Scripted;

/// <summary>
/// A provider inside the process that needs no key, for tests, demonstrations and first steps. It speaks OpenAI Chat over HTTP semantics, with
/// statuses, headers, server-sent events and broken connections, so that the router treats it like every other provider. The model's name selects its
/// behaviour, see <see cref="ScriptedModels"/>. Thread-safe.
/// </summary>
/// <param name="timeProvider">Clock of the pauses.</param>
public sealed class ScriptedHandler(TimeProvider timeProvider) : InProcessHandler
{
    /// <summary>Its slug in the provider table.</summary>
    public const string Slug = "scripted";

    private const string ChatPath = "/chat/completions";
    private static readonly OpenAIChatCallerApi Api = new();

    /// <inheritdoc/>
    public override string Host => "scripted.invalid";

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isChat = request.RequestUri?.AbsolutePath.EndsWith(ChatPath, StringComparison.Ordinal) == true;
        if (!isChat || request.Method != HttpMethod.Post || request.Content is null) return Refuse(request, ScriptedErrors.NotFound);
        var body = await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        ConversationRequest chat;
        ChatRequest asked;
        try
        {
            chat = (ConversationRequest)Api.Read(NoHead.Instance, body);
            asked = chat.GetConversation();
        }
        catch (RouterException invalid)
        {
            return Refuse(request, ScriptedErrors.InvalidRequest(invalid.Error.Message));
        }
        var name = chat.Facts.Model ?? "";
        if (ScriptedModel.Parse(name) is not { } model) return Refuse(request, ScriptedErrors.ModelNotFound(name));
        if (model.Script == ScriptedModels.Refused) throw ScriptedErrors.ConnectionRefused();
        if (model.Script == ScriptedModels.Silent) await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken).ConfigureAwait(false);
        return ScriptedProvider.FindError(model, asked) is { } error ? Refuse(request, error) : Answer(request, model, name, chat);
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, ScriptedModel model, string name, ConversationRequest chat)
    {
        var header = new AnswerHeader("scripted-" + name, timeProvider.GetUtcNow().ToUnixTimeSeconds(), name, Slug, ExcludeReasoning: false);
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

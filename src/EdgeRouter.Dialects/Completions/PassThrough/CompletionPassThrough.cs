using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.Exchanges;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Completions.PassThrough;

/// <summary>
/// The pass-through exchange: caller and provider both speak completions. The provider's body is made of the caller's members, so that several prompts,
/// token ids, <c>suffix</c>, <c>best_of</c> and <c>logprobs</c> arrive as they are.
/// </summary>
internal sealed class CompletionPassThrough(CompletionRequest request, IProviderWire wire, WireTarget target) : IExchange
{
    /// <summary>Members that are sent. The router's own and those of chat alone are not.</summary>
    private static readonly string[] Sent =
    [
        "prompt", "suffix", "echo", "best_of", "logprobs", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "top_a",
        "frequency_penalty", "presence_penalty", "repetition_penalty", "n", "stop", "seed", "logit_bias",
    ];

    public string Path => target.PathOf(wire);

    public ValueTask WriteRequestAsync(IBufferWriter<byte> output, ICollection<string> dropped, IMediaInliner media, CancellationToken cancellationToken)
    {
        var body = request.Body.Span;
        output.Write("{\"model\":"u8);
        ((JsonText)target.Model).WriteValue(output);
        foreach (var member in request.Members.All)
        {
            if (member.IsNull || !IsSent(member.Name, out var name, out var parameter) || !target.Takes(parameter, name, dropped)) continue;
            WriteName(target.NameOf(name), output);
            output.Write(member.Value.In(body));
        }
        WriteUser(output, dropped);
        if (target.Stream) output.Write(",\"stream\":true"u8);
        if (target.Stream && target.Endpoint.Provider.AcceptsStreamOptions) output.Write(",\"stream_options\":{\"include_usage\":true}"u8);
        output.Write("}"u8);
        return default;
    }

    public IStreamTranscoder CreateStreamTranscoder(AnswerHeader header) => new CompletionStreamPatcher(target.Endpoint.Provider, header);

    public IResponseTranscoder CreateResponseTranscoder(AnswerHeader header) => new CompletionResponsePatcher(target.Endpoint.Provider, header);

    private bool IsSent(string given, out string name, out RequestParameters parameter)
    {
        // The limit has one name in this format.
        name = given == "max_completion_tokens" ? "max_tokens" : given;
        parameter = RequestParameterNames.ByName.GetValueOrDefault(name);
        if (Sent.Contains(given)) return true;
        parameter = RequestParameters.Unknown;
        return request.Facts.UnknownParameters?.Contains(given) == true;
    }

    private void WriteUser(IBufferWriter<byte> output, ICollection<string> dropped)
    {
        const string User = "user";
        if (request.Facts.User is not { } user || !target.Takes(RequestParameters.User, User, dropped)) return;
        Span<byte> hashed = stackalloc byte[OpenAIChatRequestTarget.HashedUserLength];
        OpenAIChatRequestTarget.HashUser(user, hashed);
        WriteName(target.NameOf(User), output);
        output.Write("\""u8);
        output.Write(hashed);
        output.Write("\""u8);
    }

    private static void WriteName(string name, IBufferWriter<byte> output)
    {
        output.Write(",\""u8);
        output.Write(JsonEncodedText.Encode(name).EncodedUtf8Bytes);
        output.Write("\":"u8);
    }
}

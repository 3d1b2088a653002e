using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Shared = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.Embeddings.Requests;

/// <summary>
/// The top-level members of a request for embeddings. What is not in the table is unknown and goes to a provider of the same format as it is.
/// </summary>
internal static class EmbeddingsMembers
{
    private static readonly OpenAIChatRequestProperty<IReadOnlyList<ChatMessage>> Messages =
        OpenAIChatRequestProperty<IReadOnlyList<ChatMessage>>.Of(nameof(ChatRequest.Messages));

    /// <summary><c>input</c>. In the content model each input is a user's message.</summary>
    public static readonly OpenAIChatMember Input = Copied("input", new EmbeddingsInputShape()) with
    {
        Read = static (request, value) => Messages.Set(request, ReadInputs(value)),
    };

    /// <summary>The members by key. <c>dimensions</c> is never left out: vectors of another length are of no use.</summary>
    public static readonly RequestMemberTable<OpenAIChatMember> Table = new(Shared.Unknown,
    [
        Shared.Model,
        Input,
        Copied("dimensions", new IntegerShape(1, int.MaxValue).OrNull()) with
        {
            Note = static (found, value) => Scan(found).Dimensions = CheckedValues.Integer(value),
        },
        Copied("encoding_format", new WordShape("float", "base64").OrNull()) with
        {
            Note = static (found, value) => Scan(found).WantsBase64 = CheckedValues.Text(value) == "base64",
        },
        new("input_type", MemberAudience.Provider, new StringShape(max: 64).OrNull())
        {
            Note = static (found, value) => Scan(found).InputType = CheckedValues.Text(value),
        },
        new("stream", MemberAudience.Router,
            new TokenShape("embeddings are not streamed; expected false", (JsonTokenType.False, AnyShape.Instance)).OrNull()),
        Shared.User,
        Shared.ServiceTier,
        Shared.Speed,
        .. RouterRequestMembers.ForRouterOnly.Select(shared => new OpenAIChatMember(shared)),
    ]);

    private static OpenAIChatMember Copied(string name, RequestShape shape) => new(name, MemberAudience.Both, shape) { IsCopied = true };

    private static EmbeddingsScan Scan(ScannedRequest found) => (EmbeddingsScan)found;

    private static List<ChatMessage> ReadInputs(JsonElement input)
    {
        var messages = new List<ChatMessage>();
        if (input.ValueKind == JsonValueKind.String) messages.Add(OfText(input));
        else
        {
            foreach (var item in input.EnumerateArray())
                messages.Add(item.ValueKind == JsonValueKind.String ? OfText(item) : OfParts(item.GetProperty("content")));
        }
        return messages;
    }

    private static ChatMessage OfText(JsonElement text) => new() { Role = ChatRole.User, Content = [new TextPart(text.GetString()!)] };

    private static ChatMessage OfParts(JsonElement parts) =>
        new() { Role = ChatRole.User, Content = [.. parts.EnumerateArray().Select(OpenAIChatRequestPartReader.Read)] };
}

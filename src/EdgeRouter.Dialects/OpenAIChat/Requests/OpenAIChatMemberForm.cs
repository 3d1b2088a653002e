using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>How values of one type are read and written, and which of them differ from the provider's default.</summary>
/// <typeparam name="T">The canonical type, nullable.</typeparam>
/// <param name="Read">Reads a value whose shape was checked.</param>
/// <param name="Write">Writes a value that has an effect.</param>
/// <param name="HasEffect">Whether a value has an effect, because it differs from the default.</param>
/// <param name="HasEffectInBody">The same of a value in the body; null: any value that is not null has one.</param>
internal sealed record OpenAIChatMemberForm<T>(
    Func<JsonElement, T> Read, Action<OpenAIChatProviderBody, T> Write, Predicate<T> HasEffect, MemberRule? HasEffectInBody = null);

/// <summary>The forms that chat requests have.</summary>
internal static class OpenAIChatMemberForms
{
    /// <summary>A number.</summary>
    public static readonly OpenAIChatMemberForm<double?> Number = new(
        static value => value.GetDouble(), static (body, value) => body.Json.WriteNumberValue(value!.Value), static value => value is not null);

    /// <summary>An integer.</summary>
    public static readonly OpenAIChatMemberForm<int?> Integer = new(
        static value => value.GetInt32(), static (body, value) => body.Json.WriteNumberValue(value!.Value), static value => value is not null);

    /// <summary>A count, of which one is the default.</summary>
    public static readonly OpenAIChatMemberForm<int?> Count = Integer with
    {
        HasEffect = static value => value > 1,
        HasEffectInBody = static (_, value) => CheckedValues.Integer(value) > 1,
    };

    /// <summary>A large integer.</summary>
    public static readonly OpenAIChatMemberForm<long?> Long = new(
        static value => value.GetInt64(), static (body, value) => body.Json.WriteNumberValue(value!.Value), static value => value is not null);

    /// <summary>A switch whose two positions both differ from the default.</summary>
    public static readonly OpenAIChatMemberForm<bool?> Flag = new(
        static value => value.GetBoolean(), static (body, value) => body.Json.WriteBooleanValue(value!.Value), static value => value is not null);

    /// <summary>A switch that is off by default.</summary>
    public static readonly OpenAIChatMemberForm<bool?> Switch = Flag with
    {
        HasEffect = static value => value == true,
        HasEffectInBody = static (_, value) => CheckedValues.Flag(value),
    };

    /// <summary>A text.</summary>
    public static readonly OpenAIChatMemberForm<string?> Text = new(
        static value => value.GetString(), static (body, value) => body.Json.WriteStringValue(value), static value => value is not null);

    /// <summary>One text or several.</summary>
    public static readonly OpenAIChatMemberForm<IReadOnlyList<string>?> Texts = new(
        static value => value.ValueKind == JsonValueKind.String ? [value.GetString()!] : value.Strings(), WriteTexts, static value => value is { Count: > 0 },
        static (_, value) => !CheckedValues.IsEmptyArray(value));

    /// <summary>Kinds of output, of which text is the default.</summary>
    public static readonly OpenAIChatMemberForm<IReadOnlyList<string>?> Outputs = Texts with
    {
        HasEffect = static value => value is not null && value.Any(static kind => !kind.Equals("text", StringComparison.Ordinal)),
        HasEffectInBody = static (found, _) => found.WantsImageOutput || found.WantsAudioOutput,
    };

    /// <summary>Tools.</summary>
    public static readonly OpenAIChatMemberForm<IReadOnlyList<ToolDefinition>> Tools = new(
        static value => OpenAIChatRequestToolReader.ReadTools(value),
        static (body, value) => new OpenAIChatRequestToolWriter(body.Json, body.Target, body.Dropped).WriteTools(value), static value => value.Count > 0,
        static (_, value) => !CheckedValues.IsEmptyArray(value));

    /// <summary>Whether and which tool must be called.</summary>
    public static readonly OpenAIChatMemberForm<ToolChoice?> ToolChoice = new(
        static value => OpenAIChatRequestToolReader.ReadChoice(value),
        static (body, value) => new OpenAIChatRequestToolWriter(body.Json, body.Target, body.Dropped).WriteChoice(value!), static value => value is not null);

    /// <summary>A cache marker.</summary>
    public static readonly OpenAIChatMemberForm<CacheControl?> CacheControl = new(
        static value => OpenAIChatRequestMessageReader.ReadCacheControl(value),
        static (body, value) => OpenAIChatRequestMessageWriter.WriteCacheControl(body.Json, value!), static value => value is not null);

    private static void WriteTexts(OpenAIChatProviderBody body, IReadOnlyList<string>? texts)
    {
        body.Json.WriteStartArray();
        foreach (var text in texts!) body.Json.WriteStringValue(text);
        body.Json.WriteEndArray();
    }
}

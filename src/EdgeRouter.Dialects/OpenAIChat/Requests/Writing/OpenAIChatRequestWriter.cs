using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Wires;
using Members = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatRequestMembers;

namespace EdgeRouter.Dialects.OpenAIChat.Requests.Writing;

/// <summary>Writes a canonical request for a provider that speaks OpenAI Chat. A value that is the provider's default is not sent.</summary>
internal static class OpenAIChatRequestWriter
{
    internal static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the body. Names of parameters that the endpoint does not take are added to <paramref name="dropped"/>, each once.</summary>
    public static void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        using var json = new Utf8JsonWriter(output, JsonOptions);
        var body = new OpenAIChatProviderBody(json, target, dropped);
        json.WriteStartObject();
        foreach (var member in Members.Table.Members) member.Write?.Invoke(member, request, body);
        foreach (var (name, value) in request.Extensions)
        {
            if (!target.Takes(Members.Table.Find(name).Parameter, name, dropped)) continue;
            json.WritePropertyName(target.NameOf(name));
            WriteRaw(json, value);
        }
        json.Flush();
        new OpenAIChatMemberOutput(target, OpenAIChatMemberOutput.Everything, output, dropped)
            .WriteRestated(Members.Table.Members, OpenAIChatRestatedValues.Of(request));
        json.WriteEndObject();
    }

    /// <summary>Writes JSON as it was read.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, JsonElement value) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}

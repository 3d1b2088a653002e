using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Dialects.AnthropicMessages.Wire.Requests;

/// <summary>Writes the request body. First everything is planned and checked, then the members are written in one pass.</summary>
internal static class AnthropicRequestWriter
{
    private const int UserIdLength = 32;

    public static void Write(AnthropicRequestScope scope, IBufferWriter<byte> output)
    {
        var conversation = AnthropicConversation.Arrange(scope);
        var reasoning = AnthropicReasoning.Plan(scope, conversation);
        AnthropicToolWriter.Check(scope);

        using var writer = new Utf8JsonWriter(output, AnthropicRequestJson.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("model"u8, scope.Target.Model);
        writer.WriteNumber("max_tokens"u8, reasoning.MaxTokens);
        if (scope.Target.Stream) writer.WriteBoolean("stream"u8, true);
        AnthropicMessageWriter.Write(writer, conversation);
        AnthropicToolWriter.Write(writer, scope, reasoning.Thinks);
        AnthropicSamplingWriter.Write(writer, scope, reasoning.Thinks);
        reasoning.Write(writer);
        AnthropicOutputConfigWriter.Write(writer, scope, reasoning.Effort);
        WriteServiceTier(writer, scope);
        WriteUser(writer, scope);
        writer.WriteEndObject();
        writer.Flush();
        AnthropicUncarried.Name(scope);
    }

    private static void WriteServiceTier(Utf8JsonWriter writer, AnthropicRequestScope scope)
    {
        if (scope.TierToSend() is not { } tier || !scope.Takes(RequestParameters.ServiceTier)) return;
        switch (tier)
        {
            case "auto": writer.WriteString("service_tier"u8, "auto"u8); break;
            case "default": writer.WriteString("service_tier"u8, "standard_only"u8); break;
            default: scope.Drop(RequestParameters.ServiceTier); break;
        }
    }

    /// <summary>Providers get a hash of the user's id, never the id.</summary>
    private static void WriteUser(Utf8JsonWriter writer, AnthropicRequestScope scope)
    {
        if (scope.Request.User is not { Length: > 0 } user || !scope.Takes(RequestParameters.User)) return;
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("user_id"u8, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)))[..UserIdLength]);
        writer.WriteEndObject();
    }
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Wires;

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
        if (scope.Target.Endpoint.Provider.MessagesVersion is { } version) writer.WriteString("anthropic_version"u8, version);
        else writer.WriteString("model"u8, scope.Target.Model);
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

    /// <summary>The API's word for a service tier; null: none is sent. A tier that it has no word for is dropped.</summary>
    /// <param name="tier">The tier to send; null: none.</param>
    /// <param name="target">Where the request goes.</param>
    /// <param name="dropped">Receives what is dropped.</param>
    public static string? TierOf(string? tier, WireTarget target, ICollection<string> dropped)
    {
        if (tier is null) return null;
        var word = tier switch
        {
            "auto" => "auto",
            "default" => "standard_only",
            _ => null,
        };
        if (word is not null && target.Accepts(RequestParameters.ServiceTier)) return word;
        target.Drop(RequestParameters.ServiceTier, dropped);
        return null;
    }

    /// <summary>What providers get of the user's id.</summary>
    public static string HashOf(string user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user)))[..UserIdLength];

    private static void WriteServiceTier(Utf8JsonWriter writer, AnthropicRequestScope scope)
    {
        if (TierOf(scope.TierToSend(), scope.Target, scope.Dropped) is { } tier) writer.WriteString("service_tier"u8, tier);
    }

    /// <summary>Providers get a hash of the user's id, never the id.</summary>
    private static void WriteUser(Utf8JsonWriter writer, AnthropicRequestScope scope)
    {
        if (scope.Request.User is not { Length: > 0 } user || !scope.Takes(RequestParameters.User)) return;
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("user_id"u8, HashOf(user));
        writer.WriteEndObject();
    }
}

using System.Buffers;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIChat.Caller.Answers;

/// <summary>The members with which whole answers and chunks begin.</summary>
internal static class OpenAIChatAnswerHead
{
    /// <summary>Opens the object and writes id, object, created, model, provider.</summary>
    public static void Write(AnswerHeader header, ReadOnlySpan<byte> objectName, IBufferWriter<byte> output)
    {
        output.Write("{\"id\":"u8);
        ((JsonText)header.GenerationId).WriteValue(output);
        output.Write(",\"object\":\""u8);
        output.Write(objectName);
        output.Write("\",\"created\":"u8);
        JsonBytes.Write(header.Created, output);
        output.Write(",\"model\":"u8);
        ((JsonText)header.Model).WriteValue(output);
        output.Write(",\"provider\":"u8);
        ((JsonText)header.ProviderName).WriteValue(output);
    }

    /// <summary>Writes the member, null included.</summary>
    public static void WriteFingerprint(JsonText fingerprint, IBufferWriter<byte> output)
    {
        output.Write(",\"system_fingerprint\":"u8);
        fingerprint.WriteValue(output);
    }

    /// <summary>Writes the member, null included; OpenAI's older word for the default is made the newer.</summary>
    public static void WriteServiceTier(string? tier, IBufferWriter<byte> output)
    {
        output.Write(",\"service_tier\":"u8);
        ((JsonText)(string.Equals(tier, "standard", StringComparison.Ordinal) ? "default" : tier)).WriteValue(output);
    }
}

using System.Buffers;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;

namespace EdgeRouter.Dialects.OpenAIResponses.Caller.Answers;

/// <summary>The response object: a whole answer, and what the first and the last events of a stream carry. Clients refuse one without all its keys.</summary>
/// <param name="header">The head of the answer.</param>
/// <param name="asked">What it tells of the request.</param>
internal readonly struct ResponsesObject(AnswerHeader header, ResponsesAsked asked)
{
    /// <summary>Writes it.</summary>
    /// <param name="status">How far it has come.</param>
    /// <param name="items">Its items.</param>
    /// <param name="error">Why it failed; null: it has not.</param>
    /// <param name="usage">Usage; null: not known yet.</param>
    /// <param name="serviceTier">Service tier served; null: not reported.</param>
    /// <param name="output">Receives it.</param>
    public void Write(ResponsesStatus status, IReadOnlyList<ResponsesItem> items, RouterError? error, UsageReport? usage, string? serviceTier,
        IBufferWriter<byte> output)
    {
        output.Write("{\"id\":"u8);
        ((JsonText)header.GenerationId).WriteValue(output);
        output.Write(",\"object\":\"response\",\"created_at\":"u8);
        JsonBytes.Write(header.Created, output);
        output.Write(",\"completed_at\":"u8);
        if (status.Word == "completed" && usage?.At is { } at) JsonBytes.Write(at, output);
        else output.Write("null"u8);
        output.Write(",\"status\":"u8);
        ((JsonText)status.Word).WriteValue(output);
        output.Write(",\"incomplete_details\":"u8);
        WriteReason(status.Incomplete, output);
        output.Write(",\"error\":"u8);
        if (error is null) output.Write("null"u8);
        else WriteError(error, output);
        output.Write(",\"model\":"u8);
        ((JsonText)header.Model).WriteValue(output);
        output.Write(",\"provider\":"u8);
        ((JsonText)header.ProviderName).WriteValue(output);
        output.Write(",\"output\":["u8);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            items[i].Write(output);
        }
        output.Write("],\"usage\":"u8);
        if (usage is { Usage.IsUnknown: false }) ResponsesUsageWriter.Write(usage, output);
        else output.Write("null"u8);
        output.Write(",\"service_tier\":"u8);
        ((JsonText)(string.Equals(serviceTier, "standard", StringComparison.Ordinal) ? "default" : serviceTier)).WriteValue(output);
        asked.WriteSettings(output);
        if (error is not null)
        {
            output.Write(",\"error_type\":"u8);
            ((JsonText)error.Type).WriteValue(output);
        }
        RouterMetadataJson.WriteMember(usage?.RouterMetadata, output);
        output.Write("}"u8);
    }

    private static void WriteReason(string? reason, IBufferWriter<byte> output)
    {
        if (reason is null)
        {
            output.Write("null"u8);
            return;
        }
        output.Write("{\"reason\":"u8);
        ((JsonText)reason).WriteValue(output);
        output.Write("}"u8);
    }

    private static void WriteError(RouterError error, IBufferWriter<byte> output)
    {
        output.Write("{\"code\":"u8);
        ((JsonText)ResponsesStatus.CodeOf(error)).WriteValue(output);
        output.Write(",\"message\":"u8);
        ((JsonText)error.Message).WriteValue(output);
        output.Write("}"u8);
    }
}

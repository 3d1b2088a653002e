using System.Buffers;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.Answers;
using EdgeRouter.Dialects.Json;
using EdgeRouter.Dialects.OpenAIChat.Caller.Answers;

namespace EdgeRouter.Dialects.Completions.Caller.Answers;

/// <summary>Writes a whole answer as a completion.</summary>
internal static class CompletionResponseWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="echo">The prompt that each text begins with; null: none.</param>
    /// <param name="header">The head of the answer.</param>
    /// <param name="usage">Usage and cost.</param>
    /// <param name="output">Receives the body.</param>
    public static void Write(ChatResponse response, string? echo, AnswerHeader header, UsageReport usage, IBufferWriter<byte> output)
    {
        Open(header, response.SystemFingerprint, output);
        for (var i = 0; i < response.Choices.Count; i++)
        {
            if (i > 0) output.Write(","u8);
            var choice = response.Choices[i];
            CompletionChoiceLayout.Write(choice.Index, echo, TextOf(choice.Message), default, choice.FinishReason, choice.NativeFinishReason, output);
        }
        Close(usage, output);
    }

    /// <summary>Opens the answer up to its choices.</summary>
    public static void Open(AnswerHeader header, JsonText fingerprint, IBufferWriter<byte> output)
    {
        OpenAIChatAnswerHead.Write(header, CompletionChoiceLayout.ObjectName, output);
        OpenAIChatAnswerHead.WriteFingerprint(fingerprint, output);
        output.Write(",\"choices\":["u8);
    }

    /// <summary>Ends the choices and the answer.</summary>
    public static void Close(UsageReport usage, IBufferWriter<byte> output)
    {
        output.Write("]"u8);
        CompletionChoiceLayout.WriteReport(usage, output);
        output.Write("}"u8);
    }

    /// <summary>All text as one; a refusal where there is no text.</summary>
    private static string TextOf(ChatMessage message)
    {
        var text = string.Concat(message.Content.OfType<TextPart>().Select(part => part.Text));
        return text.Length > 0 ? text : string.Concat(message.Content.OfType<RefusalPart>().Select(part => part.Text));
    }
}

namespace EdgeRouter.Dialects.Gemini.Caller.Requests;

/// <summary>Names of members that both the checks and the readers know.</summary>
internal static class GeminiKeys
{
    public static readonly GeminiName Contents = "contents";
    public static readonly GeminiName SystemInstruction = "systemInstruction";
    public static readonly GeminiName Tools = "tools";
    public static readonly GeminiName ToolConfig = "toolConfig";
    public static readonly GeminiName GenerationConfig = "generationConfig";

    public static readonly GeminiName Role = "role";
    public static readonly GeminiName Parts = "parts";
    public static readonly GeminiName Text = "text";
    public static readonly GeminiName Thought = "thought";
    public static readonly GeminiName ThoughtSignature = "thoughtSignature";
    public static readonly GeminiName InlineData = "inlineData";
    public static readonly GeminiName FileData = "fileData";
    public static readonly GeminiName MimeType = "mimeType";
    public static readonly GeminiName Data = "data";
    public static readonly GeminiName FileUri = "fileUri";
    public static readonly GeminiName DisplayName = "displayName";
    public static readonly GeminiName FunctionCall = "functionCall";
    public static readonly GeminiName FunctionResponse = "functionResponse";
    public static readonly GeminiName Id = "id";
    public static readonly GeminiName Name = "name";
    public static readonly GeminiName Args = "args";
    public static readonly GeminiName Response = "response";

    public static readonly GeminiName FunctionDeclarations = "functionDeclarations";
    public static readonly GeminiName Description = "description";
    public static readonly GeminiName Parameters = "parameters";
    public static readonly GeminiName ParametersJsonSchema = "parametersJsonSchema";
    public static readonly GeminiName FunctionCallingConfig = "functionCallingConfig";
    public static readonly GeminiName Mode = "mode";
    public static readonly GeminiName AllowedFunctionNames = "allowedFunctionNames";

    public static readonly GeminiName Temperature = "temperature";
    public static readonly GeminiName TopP = "topP";
    public static readonly GeminiName TopK = "topK";
    public static readonly GeminiName MaxOutputTokens = "maxOutputTokens";
    public static readonly GeminiName CandidateCount = "candidateCount";
    public static readonly GeminiName StopSequences = "stopSequences";
    public static readonly GeminiName ResponseMimeType = "responseMimeType";
    public static readonly GeminiName ResponseSchema = "responseSchema";
    public static readonly GeminiName ResponseJsonSchema = "responseJsonSchema";
    public static readonly GeminiName PresencePenalty = "presencePenalty";
    public static readonly GeminiName FrequencyPenalty = "frequencyPenalty";
    public static readonly GeminiName Seed = "seed";
    public static readonly GeminiName ResponseLogprobs = "responseLogprobs";
    public static readonly GeminiName Logprobs = "logprobs";
    public static readonly GeminiName ThinkingConfig = "thinkingConfig";
    public static readonly GeminiName ThinkingBudget = "thinkingBudget";
    public static readonly GeminiName ThinkingLevel = "thinkingLevel";
    public static readonly GeminiName IncludeThoughts = "includeThoughts";
    public static readonly GeminiName ResponseModalities = "responseModalities";
    public static readonly GeminiName SpeechConfig = "speechConfig";
    public static readonly GeminiName VoiceConfig = "voiceConfig";
    public static readonly GeminiName PrebuiltVoiceConfig = "prebuiltVoiceConfig";
    public static readonly GeminiName VoiceName = "voiceName";
    public static readonly GeminiName ImageConfig = "imageConfig";
    public static readonly GeminiName AspectRatio = "aspectRatio";
    public static readonly GeminiName ImageSize = "imageSize";
}

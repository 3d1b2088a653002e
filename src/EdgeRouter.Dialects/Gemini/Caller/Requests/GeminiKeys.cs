namespace EdgeRouter.Dialects.Gemini.Caller.Requests;

/// <summary>Names of members that both the checks and the readers know.</summary>
internal static class GeminiKeys
{
    public static readonly GeminiName Contents = new("contents");
    public static readonly GeminiName SystemInstruction = new("systemInstruction");
    public static readonly GeminiName Tools = new("tools");
    public static readonly GeminiName ToolConfig = new("toolConfig");
    public static readonly GeminiName GenerationConfig = new("generationConfig");

    public static readonly GeminiName Role = new("role");
    public static readonly GeminiName Parts = new("parts");
    public static readonly GeminiName Text = new("text");
    public static readonly GeminiName Thought = new("thought");
    public static readonly GeminiName ThoughtSignature = new("thoughtSignature");
    public static readonly GeminiName InlineData = new("inlineData");
    public static readonly GeminiName FileData = new("fileData");
    public static readonly GeminiName MimeType = new("mimeType");
    public static readonly GeminiName Data = new("data");
    public static readonly GeminiName FileUri = new("fileUri");
    public static readonly GeminiName DisplayName = new("displayName");
    public static readonly GeminiName FunctionCall = new("functionCall");
    public static readonly GeminiName FunctionResponse = new("functionResponse");
    public static readonly GeminiName Id = new("id");
    public static readonly GeminiName Name = new("name");
    public static readonly GeminiName Args = new("args");
    public static readonly GeminiName Response = new("response");

    public static readonly GeminiName FunctionDeclarations = new("functionDeclarations");
    public static readonly GeminiName Description = new("description");
    public static readonly GeminiName Parameters = new("parameters");
    public static readonly GeminiName ParametersJsonSchema = new("parametersJsonSchema");
    public static readonly GeminiName FunctionCallingConfig = new("functionCallingConfig");
    public static readonly GeminiName Mode = new("mode");
    public static readonly GeminiName AllowedFunctionNames = new("allowedFunctionNames");

    public static readonly GeminiName Temperature = new("temperature");
    public static readonly GeminiName TopP = new("topP");
    public static readonly GeminiName TopK = new("topK");
    public static readonly GeminiName MaxOutputTokens = new("maxOutputTokens");
    public static readonly GeminiName CandidateCount = new("candidateCount");
    public static readonly GeminiName StopSequences = new("stopSequences");
    public static readonly GeminiName ResponseMimeType = new("responseMimeType");
    public static readonly GeminiName ResponseSchema = new("responseSchema");
    public static readonly GeminiName ResponseJsonSchema = new("responseJsonSchema");
    public static readonly GeminiName PresencePenalty = new("presencePenalty");
    public static readonly GeminiName FrequencyPenalty = new("frequencyPenalty");
    public static readonly GeminiName Seed = new("seed");
    public static readonly GeminiName ResponseLogprobs = new("responseLogprobs");
    public static readonly GeminiName Logprobs = new("logprobs");
    public static readonly GeminiName ThinkingConfig = new("thinkingConfig");
    public static readonly GeminiName ThinkingBudget = new("thinkingBudget");
    public static readonly GeminiName ThinkingLevel = new("thinkingLevel");
    public static readonly GeminiName IncludeThoughts = new("includeThoughts");
    public static readonly GeminiName ResponseModalities = new("responseModalities");
    public static readonly GeminiName SpeechConfig = new("speechConfig");
    public static readonly GeminiName VoiceConfig = new("voiceConfig");
    public static readonly GeminiName PrebuiltVoiceConfig = new("prebuiltVoiceConfig");
    public static readonly GeminiName VoiceName = new("voiceName");
    public static readonly GeminiName ImageConfig = new("imageConfig");
    public static readonly GeminiName AspectRatio = new("aspectRatio");
    public static readonly GeminiName ImageSize = new("imageSize");
}

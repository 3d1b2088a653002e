using System.Numerics;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Validation;
using static EdgeRouter.Dialects.Validation.CommonShapes;
using Keys = EdgeRouter.Dialects.Gemini.Caller.Requests.GeminiKeys;

namespace EdgeRouter.Dialects.Gemini.Caller.Requests.Checking;

/// <summary>
/// Shape of <c>generationConfig</c>. A member that is a parameter of endpoints is left out by the splicer where an endpoint does not take it: the reason of the
/// edit is the parameter.
/// </summary>
internal static class GeminiConfigSchema
{
    private static readonly RequestShape Modalities = new ArrayShape(GeminiShapes.Word("TEXT", "IMAGE", "AUDIO", "MODALITY_UNSPECIFIED"),
        "expected an array of 'TEXT', 'IMAGE' or 'AUDIO'", RequestBounds.Options);

    // Further members pass: these objects are copied whole or left out.
    private static readonly RequestShape Thinking = Object(
        Keys.ThinkingBudget.Of(new GeminiWholeShape(GeminiThinking.Dynamic, int.MaxValue)),
        Keys.ThinkingLevel.Of(GeminiShapes.Word("MINIMAL", "LOW", "MEDIUM", "HIGH", "THINKING_LEVEL_UNSPECIFIED")),
        Keys.IncludeThoughts.Of(Flag));

    private static readonly RequestShape Speech = Object(
        Keys.VoiceConfig.Of(Object(Keys.PrebuiltVoiceConfig.Of(Object(Keys.VoiceName.Of(NonEmpty))))),
        new GeminiName("multiSpeakerVoiceConfig").Of(GeminiShapes.Native("speechConfig.multiSpeakerVoiceConfig")));

    private static readonly RequestShape Image = Object(Keys.AspectRatio.Of(Text), Keys.ImageSize.Of(Text));

    // The provider would serve a model other than the one that was chosen and is priced.
    private static readonly RequestShape OtherModel = new RefusedShape("the router chooses the model; name others in models");

    /// <summary>The members that the router knows.</summary>
    public static readonly ObjectMember[] Members =
    [
        Parameter(Keys.Temperature, new NumberShape(0, 2), RequestParameters.Temperature),
        Parameter(Keys.TopP, new NumberShape(0, 1), RequestParameters.TopP),
        Parameter(Keys.TopK, new GeminiWholeShape(0, int.MaxValue), RequestParameters.TopK),
        Parameter(Keys.MaxOutputTokens, new GeminiWholeShape(1, int.MaxValue), RequestParameters.MaxTokens),
        Parameter(Keys.CandidateCount, new GeminiWholeShape(1, RequestBounds.Choices), RequestParameters.ChoiceCount),
        Parameter(Keys.StopSequences, new ArrayShape(Text, "expected an array of strings", RequestBounds.StopSequences), RequestParameters.Stop),
        Parameter(Keys.PresencePenalty, new NumberShape(-2, 2), RequestParameters.PresencePenalty),
        Parameter(Keys.FrequencyPenalty, new NumberShape(-2, 2), RequestParameters.FrequencyPenalty),
        Parameter(Keys.Seed, new GeminiWholeShape(int.MinValue, int.MaxValue), RequestParameters.Seed),
        Parameter(Keys.ResponseLogprobs, Flag, RequestParameters.Logprobs),
        Parameter(Keys.Logprobs, new GeminiWholeShape(0, 20), RequestParameters.TopLogprobs),
        Parameter(Keys.ThinkingConfig, Thinking, RequestParameters.Reasoning),
        Parameter(Keys.ResponseModalities, Modalities, RequestParameters.Modalities),
        Parameter(Keys.SpeechConfig, Speech, RequestParameters.Audio),
        Parameter(Keys.ImageConfig, Image, RequestParameters.ImageConfig),
        Keys.ResponseMimeType.Of(new MimeTypeShape()),
        Keys.ResponseSchema.Of(new JsonSchemaShape()),
        Keys.ResponseJsonSchema.Of(new JsonSchemaShape()),
        new GeminiName("routingConfig").Of(OtherModel),
        new GeminiName("modelSelectionConfig").Of(OtherModel),
        .. ((string[])["mediaResolution", "audioTimestamp", "audioTranscriptionConfig", "enableEnhancedCivicAnswers", "enableAffectiveDialog",
            "translationConfig", "responseFormat"])
            .Select(name => new GeminiName(name).Of(GeminiShapes.Uncarried("generationConfig." + name))),
    ];

    /// <summary><c>generationConfig</c>.</summary>
    public static readonly RequestShape Config = new ConfigShape();

    /// <summary>The parameter that is the reason of an edit.</summary>
    public static RequestParameters ParameterOf(byte reason) => (RequestParameters)(1UL << (reason - 1));

    private static ObjectMember Parameter(GeminiName name, RequestShape shape, RequestParameters parameter) =>
        name.Of(shape) with { CutAs = (byte)(BitOperations.Log2((ulong)parameter) + 1) };

    private sealed class ConfigShape() : CanonicalShape("expected an object", Members);

    private sealed class MimeTypeShape() : RequestShape("expected one of 'text/plain', 'application/json', 'text/x.enum'")
    {
        public override void Check(ref RequestCursor cursor)
        {
            if (cursor.Token != JsonTokenType.String) cursor.Fail(Expected);
            if (cursor.TextEquals("text/x.enum"u8)) GeminiScan.Of(cursor).RequireNative("the answer's type text/x.enum");
            else if (!cursor.TextEquals("text/plain"u8) && !cursor.TextEquals("application/json"u8)) cursor.Fail(Expected);
        }
    }
}

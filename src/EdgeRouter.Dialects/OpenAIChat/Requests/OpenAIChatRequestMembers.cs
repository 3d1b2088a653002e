using System.Buffers;
using System.Text.Json;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Dialects.OpenAIChat.Requests.Checking;
using EdgeRouter.Dialects.OpenAIChat.Requests.Reading;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Forms = EdgeRouter.Dialects.OpenAIChat.Requests.OpenAIChatMemberForms;
using Schema = EdgeRouter.Dialects.OpenAIChat.Requests.Checking.OpenAIChatRequestSchema;
using Shapes = EdgeRouter.Dialects.Validation.CommonShapes;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>
/// The top-level members of a chat request, each declared once. Scanner, reader, writer and splicer all work from this table. A member that is not in it
/// is unknown and goes to the provider as it is. The canonical path writes the members in the order of the rows, first those that come from the content
/// model, last those that the router restates in its own words.
/// </summary>
internal static class OpenAIChatRequestMembers
{
    private static readonly List<OpenAIChatMember> All = [.. RouterRequestMembers.ForRouterOnly.Select(shared => new OpenAIChatMember(shared))];

    // The conversation.
    public static readonly OpenAIChatMember Model = Add(new(RouterRequestMembers.Model)
    {
        Read = Reader(static value => value.GetString()!, nameof(ChatRequest.Model)),
        Write = static (_, _, body) => body.Json.WriteString("model"u8, body.Target.Model),
    });
    public static readonly OpenAIChatMember Messages = Add(new("messages", MemberAudience.Both, OpenAIChatRequestMessageSchema.Messages)
    {
        IsCopied = true,
        Read = Reader(OpenAIChatRequestMessageReader.Read, nameof(ChatRequest.Messages)),
        Write = static (_, request, body) => new OpenAIChatRequestMessageWriter(body.Json, body.Target, body.Dropped).Write(request.Messages),
    });
    public static readonly OpenAIChatMember Prompt = Add(new("prompt", MemberAudience.Both, OpenAIChatRequestMessageSchema.Prompt)
    {
        Read = Reader<IReadOnlyList<ChatMessage>>(static prompt => [new ChatMessage { Role = ChatRole.User, Content = [new TextPart(prompt.GetString()!)] }],
            nameof(ChatRequest.Messages)),
    });

    // How the provider generates.
    public static readonly OpenAIChatMember MaxTokens = Add(Row("max_tokens", Integer(1), Forms.Integer, nameof(ChatRequest.MaxOutputTokens)) with
    {
        Note = static (found, value) => found.MaxOutputTokens = CheckedValues.Integer(value),
        YieldsTo = "max_completion_tokens",
    });
    public static readonly OpenAIChatMember MaxCompletionTokens = Add(
        Row("max_completion_tokens", Integer(1), Forms.Integer, nameof(ChatRequest.MaxOutputTokens)) with
        {
            Note = static (found, value) => found.MaxOutputTokens = CheckedValues.Integer(value),
            Write = null,
            SentAs = MaxTokens.Name,
        });
    public static readonly OpenAIChatMember ChoiceCount = Add(Row("n", Integer(1, RequestBounds.Choices), Forms.Count, nameof(ChatRequest.ChoiceCount)) with
    {
        Note = static (found, value) => found.ChoiceCount = CheckedValues.Integer(value),
    });
    public static readonly OpenAIChatMember Temperature = Sampling("temperature", Number(0, 2), Forms.Number, nameof(SamplingParameters.Temperature));
    public static readonly OpenAIChatMember TopP = Sampling("top_p", Number(0, 1), Forms.Number, nameof(SamplingParameters.TopP));
    public static readonly OpenAIChatMember TopK = Sampling("top_k", Integer(0), Forms.Integer, nameof(SamplingParameters.TopK));
    public static readonly OpenAIChatMember MinP = Sampling("min_p", Number(0, 1), Forms.Number, nameof(SamplingParameters.MinP));
    public static readonly OpenAIChatMember TopA = Sampling("top_a", Number(0, 1), Forms.Number, nameof(SamplingParameters.TopA));
    public static readonly OpenAIChatMember FrequencyPenalty =
        Sampling("frequency_penalty", Number(-2, 2), Forms.Number, nameof(SamplingParameters.FrequencyPenalty));
    public static readonly OpenAIChatMember PresencePenalty =
        Sampling("presence_penalty", Number(-2, 2), Forms.Number, nameof(SamplingParameters.PresencePenalty));
    public static readonly OpenAIChatMember RepetitionPenalty =
        Sampling("repetition_penalty", Number(0, 2), Forms.Number, nameof(SamplingParameters.RepetitionPenalty));
    public static readonly OpenAIChatMember Seed =
        Sampling("seed", new IntegerShape(long.MinValue, long.MaxValue).OrNull(), Forms.Long, nameof(SamplingParameters.Seed));
    public static readonly OpenAIChatMember Stop = Sampling("stop", Schema.Stop, Forms.Texts, nameof(SamplingParameters.Stop), mayBeLone: true);
    public static readonly OpenAIChatMember Logprobs = Sampling("logprobs", Shapes.Flag.OrNull(), Forms.Switch, nameof(SamplingParameters.Logprobs));
    public static readonly OpenAIChatMember TopLogprobs = Sampling("top_logprobs", Integer(0, 20), Forms.Integer, nameof(SamplingParameters.TopLogprobs));

    // Tools and answer format.
    public static readonly OpenAIChatMember Tools = Add(Row("tools", OpenAIChatRequestToolSchema.Tools, Forms.Tools, nameof(ChatRequest.Tools)));
    public static readonly OpenAIChatMember ToolChoice = Add(BesideTools(
        Row("tool_choice", OpenAIChatRequestToolSchema.ToolChoice, Forms.ToolChoice, nameof(ChatRequest.ToolChoice)),
        static request => request.ToolChoice is not null));
    public static readonly OpenAIChatMember ParallelToolCalls = Add(BesideTools(
        Row("parallel_tool_calls", Shapes.Flag.OrNull(), Forms.Flag, nameof(ChatRequest.ParallelToolCalls)),
        static request => request.ParallelToolCalls is not null));
    public static readonly OpenAIChatMember ResponseFormat = Add(new("response_format", MemberAudience.Provider, OpenAIChatRequestToolSchema.ResponseFormat)
    {
        Note = OpenAIChatRequestFormat.Note,
        HasEffect = OpenAIChatRequestFormat.HasEffect,
        Read = Reader(static value => OpenAIChatRequestToolReader.ReadFormat(value), nameof(ChatRequest.ResponseFormat)),
        Write = OpenAIChatRequestFormat.Write,
        ParameterOf = static scan => OpenAIChatRequestFormat.ParameterOf(scan.HasSchema),
    });

    // Three spellings of the reasoning options. The provider gets its own spelling.
    public static readonly OpenAIChatMember Reasoning = Add(new("reasoning", MemberAudience.Both, Schema.Reasoning.OrNull())
    {
        Restate = OpenAIChatRequestReasoning.Restate,
    });
    public static readonly OpenAIChatMember ReasoningEffort = ForBoth("reasoning_effort", new WordShape(Schema.Efforts).OrNull());
    public static readonly OpenAIChatMember IncludeReasoning = ForBoth("include_reasoning", Shapes.Flag.OrNull());

    public static readonly OpenAIChatMember Modalities = Add(Row("modalities", Schema.Modalities, Forms.Outputs, nameof(ChatRequest.Modalities)) with
    {
        Note = NoteOutputs,
    });
    public static readonly OpenAIChatMember CacheControl =
        Add(Row("cache_control", Schema.CacheControl, Forms.CacheControl, nameof(ChatRequest.CacheControl)));
    public static readonly OpenAIChatMember Verbosity = Add(
        Row("verbosity", new WordShape("low", "medium", "high", "xhigh", "max").OrNull(), Forms.Text, nameof(ChatRequest.Verbosity)));
    public static readonly OpenAIChatMember ServiceTier = Add(new(RouterRequestMembers.ServiceTier)
    {
        Read = Reader(static value => RouterRequestMembers.TierOf(value.GetString()!), nameof(ChatRequest.ServiceTier)),
        Restate = static (member, in values, body) =>
        {
            if (body.Target.TierFor(values.ServiceTier, body.Dropped) is { } tier && body.Begin(member.Parameter, member.Name)) body.WriteString(tier);
        },
    });
    public static readonly OpenAIChatMember Speed = Add(new(RouterRequestMembers.Speed)
    {
        Read = Reader(static value => RouterRequestMembers.TierOf(value.GetString()!), nameof(ChatRequest.ServiceTier)),
    });
    public static readonly OpenAIChatMember User = Add(new(RouterRequestMembers.User)
    {
        Read = Reader(static value => value.GetString(), nameof(ChatRequest.User)),
        Restate = static (member, in values, body) =>
        {
            if (values.User is { } user && body.Begin(member.Parameter, member.Name)) body.WriteHash(user);
        },
    });

    // Without a property of their own: sent as they are.
    public static readonly OpenAIChatMember LogitBias = Extension("logit_bias", Schema.LogitBias);
    public static readonly OpenAIChatMember Prediction = Extension("prediction", Schema.Prediction);
    public static readonly OpenAIChatMember Audio = Extension("audio", Schema.Audio.OrNull());
    public static readonly OpenAIChatMember ImageConfig = Extension("image_config", Schema.ImageConfig);
    public static readonly OpenAIChatMember PromptCacheKey = Extension("prompt_cache_key", Shapes.Text.OrNull(),
        static (found, value) => found.PromptCacheKey = CheckedValues.Text(value));
    public static readonly OpenAIChatMember PromptCacheOptions = Extension("prompt_cache_options", Schema.PromptCacheOptions);
    public static readonly OpenAIChatMember WebSearchOptions = Extension("web_search_options", Schema.WebSearchOptions, NoteSearch);
    public static readonly OpenAIChatMember XSearchFilter = Extension("x_search_filter", Shapes.AnyObject.OrNull(), NoteSearch);
    public static readonly OpenAIChatMember SearchParameters = Extension("search_parameters", Shapes.AnyObject.OrNull(), NoteSearch);

    public static readonly OpenAIChatMember Stream = Add(new("stream", MemberAudience.Both, Shapes.Flag)
    {
        Note = static (found, value) => found.Stream = CheckedValues.Flag(value),
        Read = Reader(static value => value.GetBoolean(), nameof(ChatRequest.Stream)),
        Restate = static (_, in _, body) =>
        {
            if (body.Target.Stream) body.Output.Write(",\"stream\":true"u8);
        },
    });

    // Usage is always reported, whatever the caller asks for: the router asks the provider itself.
    public static readonly OpenAIChatMember StreamOptions = Add(
        new("stream_options", MemberAudience.Both, Shapes.Object(new ObjectMember("include_usage", Shapes.Flag)).OrNull())
        {
            Restate = static (_, in _, body) =>
            {
                if (body.Target.Stream && body.Target.Endpoint.Provider.AcceptsStreamOptions)
                    body.Output.Write(",\"stream_options\":{\"include_usage\":true}"u8);
            },
        });

    /// <summary>Stands for every member without a row.</summary>
    public static readonly OpenAIChatMember Unknown = new("", MemberAudience.Provider, AnyShape.Instance) { IsExtension = true };

    /// <summary>The members by key.</summary>
    public static readonly RequestMemberTable<OpenAIChatMember> Table = new(Unknown, All);

    private static OpenAIChatMember Add(OpenAIChatMember member)
    {
        All.Add(member);
        return member;
    }

    private static OpenAIChatMember ForBoth(string name, RequestShape shape) => Add(new(name, MemberAudience.Both, shape));

    private static OpenAIChatMember Extension(string name, RequestShape shape, MemberNote? note = null) =>
        Add(new(name, MemberAudience.Provider, shape) { IsExtension = true, Note = note });

    private static OpenAIChatMember Sampling<T>(string name, RequestShape shape, OpenAIChatMemberForm<T> form, string property, bool mayBeLone = false) =>
        Add(Row(name, shape, form, OpenAIChatRequestProperty<T>.OfSampling(property)) with { MayBeLone = mayBeLone });

    private static OpenAIChatMember Row<T>(string name, RequestShape shape, OpenAIChatMemberForm<T> form, string property) =>
        Row(name, shape, form, OpenAIChatRequestProperty<T>.Of(property));

    private static OpenAIChatMember Row<T>(string name, RequestShape shape, OpenAIChatMemberForm<T> form, OpenAIChatRequestProperty<T> property) =>
        new(name, MemberAudience.Provider, shape)
        {
            HasEffect = form.HasEffectInBody,
            Read = (request, value) => property.Set(request, form.Read(value)),
            Write = Writer(form, property),
        };

    private static OpenAIChatMember BesideTools(OpenAIChatMember member, Predicate<ChatRequest> isGiven)
    {
        var write = member.Write!;
        return member with
        {
            Needs = Tools,
            Write = (self, request, body) =>
            {
                if (request.Tools.Count == 0) return;
                if (body.Target.Accepts(Tools.Parameter)) write(self, request, body);
                else if (isGiven(request)) body.Target.Drop(self.Parameter, body.Dropped);
            },
        };
    }

    private static MemberReader Reader<T>(Func<JsonElement, T> read, string name)
    {
        var property = OpenAIChatRequestProperty<T>.Of(name);
        return (request, value) => property.Set(request, read(value));
    }

    private static MemberWriter Writer<T>(OpenAIChatMemberForm<T> form, string name) => Writer(form, OpenAIChatRequestProperty<T>.Of(name));

    private static MemberWriter Writer<T>(OpenAIChatMemberForm<T> form, OpenAIChatRequestProperty<T> property) => (member, request, body) =>
    {
        var value = property.Get(request);
        if (form.HasEffect(value) && body.Begin(member)) form.Write(body, value);
    };

    private static void NoteSearch(ScannedRequest found, ReadOnlySpan<byte> value) => found.AsksForSearch = true;

    private static void NoteOutputs(ScannedRequest found, ReadOnlySpan<byte> modalities)
    {
        var reader = new Utf8JsonReader(modalities);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.String) continue;
            found.WantsImageOutput |= reader.ValueTextEquals("image"u8);
            found.WantsAudioOutput |= reader.ValueTextEquals("audio"u8);
        }
    }

    private static RequestShape Integer(long min, long max = int.MaxValue) => new IntegerShape(min, max).OrNull();

    private static RequestShape Number(double min, double max) => new NumberShape(min, max).OrNull();
}

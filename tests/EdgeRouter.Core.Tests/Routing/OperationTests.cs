using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using Xunit;
using static EdgeRouter.Core.Tests.Routing.CatalogFixture;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>Filters and budgets ask the operation, which need not be one of tokens.</summary>
public sealed class OperationTests
{
    [Fact]
    public void Endpoint_whose_wire_has_no_path_for_the_operation_is_excluded_with_the_reason()
    {
        var policy = Policy with
        {
            OperationsByWire = new Dictionary<string, FrozenSet<string>> { [WireNames.OpenAIChat] = FrozenSet.Create("completion") }
                .ToFrozenDictionary(),
        };
        var catalog = CatalogOf(Model("acme/one", At("alpha")));

        var error = Assert.Throws<RouterException>(() => Plan(catalog, new RequestFacts { Model = "acme/one" }, policy: policy)).Error;

        Assert.Equal(404, error.Status);
        Assert.Equal("operation", error.Metadata!["exclusions"]![0]!["excluded_by"]!.GetValue<string>());
        Assert.Single(Plan(catalog, new RequestFacts { Model = "acme/one", Operation = Operation.Completion }, policy: policy).Candidates);
    }

    [Theory]
    [InlineData("text", true, true)]
    [InlineData("image", true, false)]
    [InlineData("embeddings", false, false)]
    public void Operation_says_which_output_a_model_must_have(string output, bool chat, bool completion)
    {
        var model = new Model
        {
            Id = "acme/one",
            CanonicalSlug = "acme/one",
            Name = "One",
            InputModalities = FrozenSet.Create("text"),
            OutputModalities = FrozenSet.Create(output),
        };

        Assert.Equal((chat, completion), (Operation.Chat.MissingOutput(model, new RequestFacts()) is null,
            Operation.Completion.MissingOutput(model, new RequestFacts()) is null));
    }

    [Theory]
    [InlineData(FinishReason.ContentFilter, false, EmptyAnswer.Good)]
    [InlineData(FinishReason.Length, false, EmptyAnswer.Good)]
    [InlineData(FinishReason.Stop, true, EmptyAnswer.Good)]
    [InlineData(FinishReason.Stop, false, EmptyAnswer.Empty)]
    [InlineData(null, false, EmptyAnswer.Truncated)]
    public void Operation_says_what_an_empty_answer_is(FinishReason? finish, bool isExplained, EmptyAnswer expected) =>
        Assert.Equal(expected, Operation.Chat.JudgeEmpty(finish, isExplained));

    [Theory]
    [InlineData(RequestParameters.Stop, false, true)]
    [InlineData(RequestParameters.MaxTokens, false, false)]
    [InlineData(RequestParameters.None, true, true)]
    [InlineData(RequestParameters.None, false, false)]
    public void Stop_sequences_and_a_last_turn_of_the_model_are_reasons_to_say_nothing(RequestParameters used, bool endsWithAssistant, bool expected)
    {
        var request = new RequestFacts { Parameters = used, EndsWithAssistant = endsWithAssistant };

        Assert.Equal(expected, Operation.Chat.MayAnswerNothing(request));
        Assert.True(Operation.Completion.MayAnswerNothing(request));
    }

    [Fact]
    public void Several_prompts_and_generated_choices_are_in_the_worst_case()
    {
        var endpoint = Model("acme/one", At("alpha")).Endpoints[0];
        var one = new RequestFacts { Operation = Operation.Completion, MaxOutputTokens = 100 };
        var many = new RequestFacts { Operation = Operation.Completion, MaxOutputTokens = 100, ChoiceCount = 2, GeneratedChoices = 6, PromptCount = 2 };

        var (single, several) = (one.Operation.Bound(one, 1000, endpoint, Policy), many.Operation.Bound(many, 1000, endpoint, Policy));

        Assert.Equal(((single.Most - single.Fixed).Value * 6, single.Fixed), ((several.Most - several.Fixed).Value, several.Fixed));
    }

    [Theory]
    [InlineData(0.01, false, 0, 0.10)]
    [InlineData(0.01, true, 0.5, 0.10)]
    [InlineData(null, true, 0.02, 0.20)]
    [InlineData(null, false, 0.02, 0)]
    [InlineData(null, true, 0, 0)]
    public void Searches_are_in_the_worst_case_wherever_they_have_a_price(double? price, bool asks, double ceiling, double expected)
    {
        Endpoint Searching(Pricing? pricing) => Model("acme/one", At("alpha", pricing: pricing)).Endpoints[0];
        var policy = ceiling > 0 ? Policy with { CeilingPrice = new Pricing { Prompt = 1, Completion = 1, WebSearch = (decimal)ceiling } } : Policy;
        var plain = new Pricing { Prompt = 0.000001m, Completion = 0.000001m };
        var request = new RequestFacts { MaxOutputTokens = 10, AsksForSearch = asks };

        var searches = request.Operation.WorstCase(request, 100, Searching(plain with { WebSearch = (decimal?)price }), policy)
            - request.Operation.WorstCase(new RequestFacts { MaxOutputTokens = 10 }, 100, Searching(plain), Policy);

        Assert.Equal(NanoDollars.FromDollars((decimal)expected), searches);
    }

    [Theory]
    [InlineData(100, 7L)]
    [InlineData(3, 6L)]
    [InlineData(null, 7L)]
    public void Completion_is_not_counted_beyond_what_was_asked_for(int? asked, long expected)
    {
        var request = new RequestFacts { Operation = Operation.Completion, MaxOutputTokens = asked, ChoiceCount = 2 };

        Assert.Equal(expected, request.Operation.CountUsage(request, 28).Output);
    }

    [Fact]
    public void Operation_that_is_paid_by_the_image_is_bounded_by_images()
    {
        var request = new RequestFacts { Model = "acme/one", Operation = new ImageOperation(), ChoiceCount = 3 };
        var catalog = CatalogOf(Model("acme/one", At("alpha", supported: RequestParameters.None)));
        var endpoint = catalog.Models[0].Endpoints[0];

        var bound = request.Operation.Bound(request, 100, endpoint, Policy);

        Assert.Equal(NanoDollars.FromDollars(0.12m), request.Operation.WorstCase(request, 100, endpoint, Policy));
        Assert.Equal((2L, "images"), (bound.Affordable(NanoDollars.FromDollars(0.10m)), bound.Unit.Plural));
        Assert.Throws<RouterException>(() => Plan(catalog, request));
    }

    /// <summary>Makes images, each at a price.</summary>
    private sealed class ImageOperation : Operation
    {
        private const decimal PerImage = 0.04m;
        private static readonly CostUnit Images = new("images", "n");

        public override string Name => "image";

        public override string ReportedAs => "image";

        public override string? MissingOutput(Model model, RequestFacts request) => model.OutputModalities.Contains("image") ? null : "image output";

        public override string? ExceededLimit(Endpoint endpoint, RequestFacts request) => null;

        public override NanoDollars WorstCase(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) =>
            NanoDollars.FromDollars(request.ChoiceCount * PerImage);

        public override CostBound Bound(RequestFacts request, int bodyBytes, Endpoint endpoint, RoutingPolicy policy) =>
            new(NanoDollars.Zero, WorstCase(request, bodyBytes, endpoint, policy), request.ChoiceCount, Images);

        public override double ExpectedCost(Endpoint endpoint, RequestFacts request, long warmTokens) => request.ChoiceCount * (double)PerImage;

        public override long TypicalOutputTokens(Endpoint endpoint, RequestFacts request) => 0;

        public override long MaxOutputTokens(RequestFacts request, Endpoint endpoint, RoutingPolicy policy) => 0;

        public override TokenUsage PossibleUsage(in TokenUsage reported, RequestFacts request, BytesSeen seen, Endpoint endpoint, RoutingPolicy policy) =>
            reported;

        public override TokenUsage EstimateSent(RequestFacts request) => default;

        public override TokenUsage CountUsage(RequestFacts request, long outputBytes) => default;

        public override EmptyAnswer JudgeEmpty(FinishReason? finish, bool isExplained) => EmptyAnswer.Empty;
    }
}

using System.Collections.Frozen;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Health;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.TestSupport.Routing;
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
        Assert.Equal(ExclusionReason.Operation, Assert.Single(Assert.IsType<NoEndpoint>(error.Details).Exclusions).Reason);
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
    [InlineData(WireNames.AnthropicMessages, true)]
    [InlineData(WireNames.OpenAIChat, false)]
    public void Search_beside_other_tools_is_in_the_worst_case_only_where_it_is_not_left_out(string wire, bool searches)
    {
        var policy = Policy with { CeilingPrice = new Pricing { Prompt = 1, Completion = 1, WebSearch = 0.02m } };
        var endpoint = Model("acme/one", At("alpha", wire: wire)).Endpoints[0];
        var request = new RequestFacts { MaxOutputTokens = 10, AsksForSearch = true, SearchWire = WireNames.AnthropicMessages };

        var worst = request.Operation.WorstCase(request, 100, endpoint, policy);

        var plain = request.Operation.WorstCase(new RequestFacts { MaxOutputTokens = 10 }, 100, endpoint, policy);
        Assert.Equal(searches, worst > plain);
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
        var request = new RequestFacts { Model = "acme/one", Operation = CountedOperation.Image, ChoiceCount = 3 };
        var catalog = CatalogOf(Model("acme/one", At("alpha", supported: RequestParameters.None)));
        var endpoint = catalog.Models[0].Endpoints[0];

        var bound = request.Operation.Bound(request, 100, endpoint, Policy);

        Assert.Equal(NanoDollars.FromDollars(0.12m), request.Operation.WorstCase(request, 100, endpoint, Policy));
        Assert.Equal((2L, OutputUnit.Images), (bound.Affordable(NanoDollars.FromDollars(0.10m)), bound.Unit));
        Assert.Throws<RouterException>(() => Plan(catalog, request));
    }

    [Fact]
    public void Operation_says_what_does_not_fit_where()
    {
        var catalog = CatalogOf(ImageModel("acme/one", At("small", maxOutput: 2), At("large", maxOutput: 8)));
        var request = new RequestFacts { Model = "acme/one", Operation = CountedOperation.Image, ChoiceCount = 3 };

        var plan = Plan(catalog, request);

        Assert.Equal("large", Assert.Single(plan.Candidates).Tag);
        var exclusion = Assert.Single(plan.Exclusions);
        Assert.Equal((ExclusionReason.RequestSize, "at most 2 images, 3 requested"), (exclusion.Reason, exclusion.Detail));
    }

    [Theory]
    [InlineData(FailureClass.ContextLength, 4000, 8000, 100, 100, true)]
    [InlineData(FailureClass.ContextLength, 8000, 8000, 100, 200, false)]
    [InlineData(FailureClass.ContextLength, null, 8000, 100, 100, true)]
    [InlineData(FailureClass.ContextLength, 8000, null, 100, 100, true)]
    [InlineData(FailureClass.MaxTokens, 4000, 8000, 100, 100, false)]
    [InlineData(FailureClass.MaxTokens, 8000, 8000, 100, 200, true)]
    public void Refused_request_may_fit_an_endpoint_whose_limit_is_larger(FailureClass failure, int? context, int? otherContext, int output, int otherOutput,
        bool expected)
    {
        var endpoints = Model("acme/one", At("refused", context: context, maxOutput: output),
            At("other", context: otherContext, maxOutput: otherOutput)).Endpoints;

        Assert.Equal(expected, Operation.Chat.MayFit(failure, endpoints[0], endpoints[1]));
    }

    [Theory]
    [InlineData(10L, null, 30L, 30L)]
    [InlineData(10L, 15L, 30L, 15L)]
    [InlineData(10L, 25L, 30L, 10L)]
    [InlineData(null, null, 30L, 30L)]
    public void Unseen_output_is_added_beside_reasoning(long? output, long? reasoning, long unseen, long expected) =>
        Assert.Equal(expected, Operation.Chat.WithOutput(new TokenUsage { Output = output, Reasoning = reasoning }, unseen).Output);

    [Fact]
    public void Orderings_compare_throughput_in_the_unit_of_the_operation()
    {
        // In tokens the other one is faster.
        var router = new PlannerFixture(CatalogOf(ImageModel("acme/one", At("slow"), At("fast"))));
        router.Answers("slow", new OutputAmount(0.1, OutputUnit.Images), new OutputAmount(900, OutputUnit.Tokens));
        router.Answers("fast", new OutputAmount(5, OutputUnit.Images), new OutputAmount(9, OutputUnit.Tokens));

        var byThroughput = router.Plan(Images("throughput"), explain: true);
        var scores = router.Plan(Images("value"), explain: true).Explanation!.Candidates
            .ToDictionary(candidate => candidate.Endpoint.Tag, candidate => candidate.Score);

        Assert.Equal(["fast", "slow"], Tags(byThroughput));
        Assert.All(byThroughput.Explanation!.Candidates, candidate => Assert.Equal("images_per_second", candidate.Unit));
        Assert.True(scores["fast"] < scores["slow"], $"{scores["fast"]} is not below {scores["slow"]}");
    }

    [Fact]
    public void Output_of_an_answer_is_told_by_its_usage_or_counted()
    {
        Assert.Equal(new OutputAmount(7, OutputUnit.Tokens), Operation.Chat.OutputOf(new TokenUsage { Output = 4, Reasoning = 3 }, 99));
        Assert.Equal(new OutputAmount(0, OutputUnit.Tokens), Operation.Completion.OutputOf(null, 99));
        Assert.Equal(new OutputAmount(2, OutputUnit.Images), CountedOperation.Image.OutputOf(new TokenUsage { Output = 4 }, 2));
    }

    private static RequestFacts Images(string sort)
    {
        var request = PlannerFixture.Request(sort);
        request.Operation = CountedOperation.Image;
        return request;
    }
}

using System.Text;
using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Core.Metering;
using EdgeRouter.Core.Routing;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Completions.Caller;
using EdgeRouter.Dialects.Errors;
using EdgeRouter.Dialects.OpenAIChat.Caller;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat;

public sealed class OpenAIChatErrorTests
{
    public static TheoryData<string, UpstreamError> Bodies => new()
    {
        { """{"error":{"message":"Too long","type":"invalid_request_error","code":"context_length_exceeded","param":"messages"}}""",
            new(400, "context_length_exceeded", "invalid_request_error", "Too long") },
        { """{"error":{"message":"No","type":null,"code":null,"param":null}}""", new(400, null, null, "No") },
        { """{"error":"plain"}""", new(400, null, null, "plain") },
        { """{"error":"plain","code":"c","type":"t"}""", new(400, "c", "t", "plain") },
        { """{"object":"error","message":"bad","type":"BadRequestError","param":null,"code":400}""", new(400, null, "BadRequestError", "bad") },
        { """{"message":"m","request_id":"r"}""", new(400, null, null, "m") },
        { """{"detail":"Not Found"}""", new(400, null, null, "Not Found") },
        { """{"detail":[{"loc":["body","messages",0],"msg":"field required","type":"missing"},{"loc":["body"],"msg":"bad"}]}""",
            new(400, null, null, "body.messages.0: field required; body: bad") },
        { """{"detail":{"message":"inner"}}""", new(400, null, null, "inner") },
        { """[{"error":{"code":400,"message":"Google","status":"INVALID_ARGUMENT"}}]""", new(400, null, "INVALID_ARGUMENT", "Google") },
        { """{"errors":[{"code":7003,"message":"Cloudflare"}],"success":false}""", new(400, "7003", null, "Cloudflare") },
        { """{"error":{"code":"1301","message":"GLM"}}""", new(400, "1301", null, "GLM") },
        { """{"error":{"code":429,"message":"Provider returned error","metadata":{"raw":"slow down","error_type":"rate_limit_exceeded"}}}""",
            new(400, null, "rate_limit_exceeded", "Provider returned error: slow down") },
        { """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", new(400, null, "overloaded_error", "Overloaded") },
        { """{"message":{"detail":[1,2]}}""", new(400, null, null, """{"detail":[1,2]}""") },
        { """{"error":{"message":"lone \ud83d"}}""", new(400, null, null, "lone \ud83d") },
        { """{"\ud800":1}""", new(400, null, null, """{"\ud800":1}""") },
        { """{"\ud83dcode":1,"error":{"\udc00type":"t"}}""", new(400, null, null, """{"\ud83dcode":1,"error":{"\udc00type":"t"}}""") },
        { """{"error":null,"message":"m"}""", new(400, null, null, "m") },
        { """{"error":{}}""", new(400, null, null, "{}") },
        { """{"weird":1}""", new(400, null, null, """{"weird":1}""") },
        { "\"text\"", new(400, null, null, "text") },
        { "[]", new(400, null, null, null) },
        { "null", new(400, null, null, null) },
        { "", new(400, null, null, null) },
        { "  \r\n ", new(400, null, null, null) },
        { "upstream connect error", new(400, null, null, "upstream connect error") },
        { "{\"error\":{\"mess", new(400, null, null, "{\"error\":{\"mess") },
        { "<html><head><TITLE> 502 Bad Gateway </TITLE></head></html>", new(400, null, null, "502 Bad Gateway") },
        { "<!doctype html><p>secret", new(400, null, null, "An HTML page without a title.") },
    };

    [Theory, MemberData(nameof(Bodies))]
    public void Bodies_are_understood(string body, UpstreamError expected)
    {
        var error = Samples.Wire.ReadError(400, Encoding.UTF8.GetBytes(body));

        // A body that says only what the reader could not place is kept as it is.
        Assert.Equal(expected, error);
    }

    [Fact]
    public void Texts_are_bounded_and_never_cut_an_emoji()
    {
        var text = new string('x', 999) + "😀" + new string('y', 100_000);
        string[] bodies = [text, $$$"""{"error":{"message":"{{{text}}}","code":"{{{text}}}","type":"{{{text}}}"}}""",
            $$"""{"detail":[{"msg":"{{text}}"},{"msg":"z"}]}""", "<title>" + text + "</title>"];
        foreach (var body in bodies)
        {
            var error = Samples.Wire.ReadError(500, Encoding.UTF8.GetBytes(body));
            foreach (var part in new[] { error.Message, error.Code, error.Type })
                Assert.True(part is null || (part.Length <= 1000 && !char.IsHighSurrogate(part[^1])));
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(7);
        var alphabet = "{}[]\":,errormsagdtil0159\\u<> \n\u00ff"u8.ToArray();
        for (var round = 0; round < 5000; round++)
        {
            var body = new byte[random.Next(60)];
            for (var i = 0; i < body.Length; i++) body[i] = random.Next(20) == 0 ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            Assert.Equal(502, Samples.Wire.ReadError(502, body).Status);
        }
    }

    [Fact]
    public void Envelope_has_an_integer_code_and_the_type_in_metadata() => Assert.Equal(
        """{"error":{"code":429,"message":"Slow \"down\" é","metadata":{"error_type":"rate_limit_exceeded"}}}""",
        Written(new RouterError(429, ErrorTypes.RateLimitExceeded, "Slow \"down\" é")));

    [Fact]
    public void Unknown_model_has_its_field_and_its_availability() => Says(
        """
        {"error":{"code":400,"message":"model: unknown","param":"model","metadata":{"error_type":"invalid_request"},
        "error_type":"invalid_request","http_status":400,
        "availability":{"code":"model_not_found","retryable":false,"requested_models":["a/b"],
        "docs_url":"docs/errors.md#model_not_found"}}}
        """,
        RouterError.InvalidField("model", "unknown") with { Details = new UnknownModel("a/b") });

    [Fact]
    public void Failures_of_providers_tell_their_codes_in_order()
    {
        var failed = new ProvidersFailed("B")
        {
            Code = "503",
            Raw = "busy",
            Earlier = [new EarlierFailure("A", "rate_limit_exceeded", 429)],
            Unavailability = Unavailability.Temporary,
            RequestedModels = ["acme/one"],
            Providers = ["A", "B"],
        };

        Says(
            """
            {"error":{"code":503,"message":"B: busy","metadata":{"error_type":"provider_overloaded","provider_name":"B","provider_code":"503","raw":"busy",
            "previous_errors":[{"provider":"A","code":"rate_limit_exceeded","status":429}]},
            "error_type":"provider_overloaded","http_status":503,
            "availability":{"code":"temporarily_unavailable","retryable":true,"requested_models":["acme/one"],
            "docs_url":"docs/errors.md#temporarily_unavailable","affected_providers":["A","B"],"retry_after":3}}}
            """,
            new RouterError(503, ErrorTypes.ProviderOverloaded, "B: busy") { Details = failed, RetryAfter = TimeSpan.FromSeconds(2.2) });
    }

    [Fact]
    public void Exhausted_budget_tells_its_limit_and_when_it_resets()
    {
        var limit = new BudgetLimit(BudgetLevel.Key, "k", NanoDollars.FromDollars(10), BudgetReset.Daily);
        var resets = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
        var details = new BudgetExhausted(limit, NanoDollars.FromDollars(1), NanoDollars.FromDollars(2), resets);

        Says(
            """
            {"error":{"code":402,"message":"m","metadata":{"error_type":"payment_required","level":"key","limit":10,"limit_remaining":1,
            "limit_reset":"daily","requested":2,"resets_at":"2026-11-21T00:00:00Z"}}}
            """,
            new RouterError(402, ErrorTypes.PaymentRequired, "m") { Details = details });
    }

    [Fact]
    public void Every_reason_of_an_exclusion_has_a_name() =>
        Assert.All(Enum.GetValues<ExclusionReason>(), reason => Assert.Matches("^[a-z_:]+$", ExclusionNames.Of(reason)));

    [Theory]
    [InlineData(RequestFact.Model, null, "model")]
    [InlineData(RequestFact.FallbackModel, 1, "models[1]")]
    [InlineData(RequestFact.ProviderOrder, 0, "provider.order[0]")]
    [InlineData(RequestFact.ProviderOnly, 2, "provider.only[2]")]
    [InlineData(RequestFact.ProviderIgnore, 3, "provider.ignore[3]")]
    [InlineData(RequestFact.Sort, null, "provider.sort")]
    [InlineData(RequestFact.OutputLimit, null, "max_tokens")]
    [InlineData(RequestFact.OutputCount, null, "n")]
    public void Facts_at_fault_are_spelled_by_the_caller_api(RequestFact fact, int? index, string field)
    {
        foreach (var api in new ICallerApi[] { new OpenAIChatCallerApi(), new CompletionsCallerApi() })
            Assert.Equal(field, api.FieldOf(new RequestFault(fact, index)));

        var spelled = RouterError.InvalidFact(new RequestFault(fact, index), "expected more").SpelledAs(field);
        Assert.Equal((field, $"{field}: expected more", null), (spelled.Field, spelled.Message, spelled.Fault));
    }

    private static void Says(string lines, RouterError error) => Assert.Equal(lines.ReplaceLineEndings(""), Written(error));

    private static string Written(RouterError error) => Samples.Text(output => new OpenAIChatCallerApi().WriteError(error, null, output));
}

using EdgeRouter.Core.Catalog;
using Xunit;
using static EdgeRouter.Core.Tests.Catalog.CatalogFixture;

namespace EdgeRouter.Core.Tests.Catalog;

public sealed class CatalogFaultTests
{
    public static readonly TheoryData<string, string> Faulty = new()
    {
        { Model(endpoint: ", \"pricing\": { \"prompt\": \"-1\", \"completion\": \"0\" }"),
            "file0.json: models[0].endpoints[0].pricing.prompt: expected a decimal string >= 0" },
        { Model(endpoint: ", \"pricing\": { \"prompt\": 0.1, \"completion\": \"0\" }"),
            "file0.json: models[0].endpoints[0].pricing.prompt: expected a decimal string >= 0" },
        { Model(endpoint: ", \"pricing\": { \"prompt\": \"1e-6\", \"completion\": \"0\" }"),
            "file0.json: models[0].endpoints[0].pricing.prompt: expected a decimal string >= 0" },
        { Model(endpoint: ", \"pricing\": { \"prompt\": \"2.5\", \"completion\": \"0\" }"),
            "file0.json: models[0].endpoints[0].pricing.prompt: expected a decimal string >= 0 in USD per token, below 0.1" },
        { Model(endpoint: ", \"pricing\": { \"prompt\": \"0\" }"), "file0.json: models[0].endpoints[0].pricing.completion: expected a decimal string >= 0" },
        { Model(endpoint: ", \"pricing\": { \"prompt\": \"0\", \"completion\": \"0\", \"overrides\": [ { \"prompt\": \"0\" } ] }"),
            "file0.json: models[0].endpoints[0].pricing.overrides[0].min_prompt_tokens: expected a whole number from 1 to 2147483647" },
        { Model(endpoint: ", \"quantisation\": \"fp8\""), "file0.json: models[0].endpoints[0].quantisation: unknown member; expected one of provider, tag, " },
        { Model(endpoint: ", \"quantization\": \"fp9\""), "file0.json: models[0].endpoints[0].quantization: expected one of bf16, fp16, " },
        { Model(endpoint: ", \"supported_parameters\": [\"tools\", \"tool\"]"),
            "file0.json: models[0].endpoints[0].supported_parameters[1]: expected a parameter's name" },
        { Model(endpoint: ", \"max_completion_tokens\": 0"), "file0.json: models[0].endpoints[0].max_completion_tokens: expected a whole number from 1 to " },
        { Model(endpoint: ", \"data_policy\": { \"training\": \"no\" }"), "file0.json: models[0].endpoints[0].data_policy.training: expected true or false" },
        { Model(", \"input_modalities\": [\"text\", \"smell\"]"),
            "file0.json: models[0].input_modalities[1]: expected one of audio, file, image, text, video" },
        { Model(", \"knowledge_cutoff\": \"last summer\""), "file0.json: models[0].knowledge_cutoff: expected a date" },
        { Model(", \"name\": \"\""), "file0.json: models[0].name: expected a string of 1 to 300 characters" },
        { Model(", \"nmae\": \"One\""), "file0.json: models[0].nmae: unknown member" },
        { Model(id: "One"), "file0.json: models[0].id: expected author/slug" },
        { Model(id: "a/b/c"), "file0.json: models[0].id: expected author/slug" },
        { """{ "models": [ { "id": "acme/one", "endpoints": [ { "provider": "gamma", "upstream_model": "x" } ] } ] }""",
            "file0.json: models[0].endpoints[0].provider: expected the slug of a provider" },
        { """{ "models": [ { "id": "acme/one", "endpoints": [ { "upstream_model": "x" } ] } ] }""",
            "file0.json: models[0].endpoints[0].provider: expected a provider's slug" },
        { """{ "models": [ { "id": "acme/one", "endpoints": [ { "provider": "alpha" } ] } ] }""",
            "file0.json: models[0].endpoints[0].upstream_model: expected the provider's name" },
        { """{ "models": [ { "id": "acme/one", "endpoints": [ "alpha" ] } ] }""", "file0.json: models[0].endpoints[0]: expected an object" },
        { """{ "models": {} }""", "file0.json: models: expected an array" },
        { """{ "model": [] }""", "file0.json: model: unknown member; expected one of providers, models" },
        { "[]", "file0.json: expected an object" },
        { """{ "models": [ { "id": "acme/one" }, { "id": "acme/one" } ] }""", "file0.json: models[1].id: expected each model once" },
        { """{ "models": [ { "id": "acme/one", "endpoints": [ { "provider": "alpha", "upstream_model": "x" }, { "provider": "alpha","""
            + """ "upstream_model": "y" } ] } ] }""", "file0.json: models[0].endpoints[1].tag: expected a unique tag within the model" },
        { """{ "models": [ """, "file0.json: expected JSON: " },
        { """{ "models": [] } {}""", "file0.json: expected JSON: " },
        { "", "file0.json: expected JSON: " },
        { """{ "providers": [ { "slug": "gamma" } ] }""", "file0.json: providers.gamma.dialect: expected one of anthropic-messages" },
        { """{ "providers": [ { "slug": "gamma", "dialect": "openai-chat" } ] }""", "file0.json: providers.gamma.base_url: expected a URL" },
        { """{ "providers": [ { "slug": "Gamma" } ] }""", "file0.json: providers[0].slug: expected lower case" },
        { """{ "providers": [ { "slug": "alpha", "auth": "basic" } ] }""", "file0.json: providers[0].auth: expected one of api-key, bearer" },
        { """{ "providers": [ { "slug": "alpha", "cached_tokens": "somewhere" } ] }""",
            "file0.json: providers[0].cached_tokens: expected one of beside_input" },
        { """{ "providers": [ { "slug": "alpha", "headquarters": "Germany" } ] }""", "file0.json: providers[0].headquarters: expected an ISO country code" },
        { """{ "providers": [ { "slug": "alpha", "parameter_renames": { "sed": "x" } } ] }""",
            "file0.json: providers[0].parameter_renames.sed: expected names of request parameters as member names" },
        { """{ "providers": [ { "slug": "alpha", "privacy_policy_url": "http://x.example" } ] }""",
            "file0.json: providers[0].privacy_policy_url: expected an https URL" },
    };

    [Theory, MemberData(nameof(Faulty))]
    public void Fault_names_file_path_and_expectation(string document, string fault)
    {
        var faults = Faults(Sources(document));
        Assert.StartsWith(fault, Assert.Single(faults));
    }

    [Fact]
    public void All_faults_of_all_files_are_told_at_once()
    {
        var faults = Faults(Sources(
            """{ "models": [ { "id": "acme/one", "created": -1, "distillable": 1 } ] }""",
            """{ "models": [ { "id": "acme/two", "name": 7 } ], "providers": [ { "slug": "alpha", "local": "yes" } ] }"""));
        Assert.Equal(
            ["file1.json: providers[0].local", "file0.json: models[0].created", "file0.json: models[0].distillable", "file1.json: models[0].name"],
            faults.Select(fault => fault[..fault.LastIndexOf(": ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Rows_of_providers_that_do_not_serve_are_checked_too()
    {
        var document = """{ "models": [ { "id": "acme/one", "endpoints": [ { "provider": "beta-cloud", "upstream_model": "x", "pricing": { "prompt": "x","""
            + """ "completion": "0" } } ] } ] }""";
        Assert.StartsWith("file0.json: models[0].endpoints[0].pricing.prompt: ", Assert.Single(Faults(Sources(document))));
    }

    [Fact]
    public void Faults_are_bounded()
    {
        var rows = string.Join(",", Enumerable.Range(0, 500).Select(index => $"{{ \"id\": \"a/m{index}\", \"x\": 1 }}"));
        Assert.Equal(CatalogException.MaxErrors, Faults(Sources($"{{ \"models\": [ {rows} ] }}")).Count);
    }

    [Fact]
    public void Deep_nesting_is_a_fault_not_a_stack_overflow()
    {
        var deep = "{ \"models\": " + new string('[', 100_000);
        Assert.StartsWith("file0.json: expected JSON: ", Assert.Single(Faults(Sources(deep))));
    }

    [Fact]
    public void An_alias_of_two_models_is_a_fault()
    {
        var faults = Faults(Sources(Model(", \"aliases\": [\"newest\"]"), Model(", \"aliases\": [\"newest\"]", id: "acme/two")));
        Assert.Equal("catalog: models.acme/two.aliases: expected unique aliases; newest is already an alias of acme/one", Assert.Single(faults));
    }

    [Fact]
    public void Any_damage_to_a_document_gives_a_catalog_or_its_faults_and_nothing_else()
    {
        var document = Document("damaged.json",
            Model(", \"name\": \"Öne\", \"aliases\": [\"x\"]", ", \"pricing\": { \"prompt\": \"0.1\", \"completion\": \"0\" }, \"regions\": [\"eu\"]"));
        var random = new Random(7);
        var loaded = 0;
        for (var round = 0; round < 5000; round++)
        {
            var bytes = document.Json.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                CatalogLoader.Load(
                    Sources() with { Documents = [new CatalogDocument("damaged.json", bytes.AsMemory(0, random.Next(bytes.Length / 2, bytes.Length + 1)))] });
                loaded++;
            }
            catch (CatalogException fault)
            {
                Assert.NotEmpty(fault.Errors);
                Assert.All(fault.Errors, error => Assert.NotEmpty(error.Expectation));
            }
        }
        Assert.InRange(loaded, 0, 4999);
    }

    [Fact]
    public void A_missing_file_is_a_fault_with_its_name()
    {
        var fault = Assert.Throws<CatalogException>(() => CatalogDocument.FromFile("no-such-catalog.json"));
        Assert.Equal("no-such-catalog.json", Assert.Single(fault.Errors).Document);
    }
}

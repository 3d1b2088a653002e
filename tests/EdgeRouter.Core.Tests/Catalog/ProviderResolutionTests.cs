using EdgeRouter.Core.Catalog;
using Xunit;
using static EdgeRouter.Core.Tests.Catalog.CatalogFixture;

namespace EdgeRouter.Core.Tests.Catalog;

public sealed class ProviderResolutionTests
{
    private static CatalogSources With(string slug, ProviderSettings settings) =>
        Sources() with { Settings = new Dictionary<string, ProviderSettings> { [slug] = settings } };

    private static CatalogSources WithVariables(params (string Name, string Value)[] variables) => Sources() with
    {
        Settings = new Dictionary<string, ProviderSettings>(),
        EnvironmentVariable = name => Array.Find(variables, variable => variable.Name == name).Value,
    };

    private static Provider? Resolve(CatalogSources sources, string slug) => CatalogLoader.Load(sources).FindProvider(slug);

    [Fact]
    public void A_provider_without_a_credential_does_not_serve() => Assert.Empty(CatalogLoader.Load(WithVariables()).Providers);

    [Fact]
    public void An_empty_key_is_no_credential() => Assert.Null(Resolve(With("alpha", new ProviderSettings { ApiKey = "" }), "alpha"));

    [Fact]
    public void A_disabled_provider_does_not_serve() => Assert.Null(Resolve(With("alpha", new ProviderSettings { ApiKey = "k", Enabled = false }), "alpha"));

    [Theory, InlineData("beta-cloud"), InlineData("beta_cloud"), InlineData("BETA_CLOUD"), InlineData("Beta-Cloud")]
    public void A_slug_in_settings_may_be_spelled_for_shells(string slug)
    {
        var settings = new ProviderSettings { ApiKey = "k", Variables = { ["RESOURCE"] = "team" }, Headers = { ["Beta-Version"] = "2", ["x-team"] = "t" } };
        var provider = Resolve(With(slug, settings), "beta-cloud")!;
        Assert.Equal("https://team.beta.example/v1", provider.BaseUrl!.AbsoluteUri);
        Assert.Equal(("2", "t"), (provider.Headers["beta-version"], provider.Headers["x-team"]));
    }

    [Fact]
    public void Two_spellings_of_one_slug_are_a_fault()
    {
        var sources = Sources() with
        {
            Settings = new Dictionary<string, ProviderSettings>
            {
                ["beta-cloud"] = new() { ApiKey = "a", Variables = { ["resource"] = "r" } },
                ["beta_cloud"] = new() { ApiKey = "b", Variables = { ["resource"] = "r" } },
            },
        };
        Assert.Equal(
            "settings: Providers:beta-cloud: expected one spelling of the slug; it is set in two, such as gpu-box and gpu_box", Assert.Single(Faults(sources)));
    }

    [Fact]
    public void The_customary_variable_gives_the_key() =>
        Assert.Equal("from-shell", Resolve(WithVariables(("ALPHA_API_KEY", "from-shell")), "alpha")!.ApiKey);

    [Fact]
    public void The_first_customary_variable_wins() =>
        Assert.Equal("first", Resolve(WithVariables(("ALPHA_API_KEY", "second"), ("ALPHA_KEY", "first")), "alpha")!.ApiKey);

    [Fact]
    public void The_variable_named_after_the_slug_is_the_last_choice()
    {
        Assert.Equal("own", Resolve(WithVariables(("BETA_CLOUD_API_KEY", "own"), ("BETA_RESOURCE", "r")), "beta-cloud")!.ApiKey);
        Assert.Equal("customary",
            Resolve(WithVariables(("BETA_CLOUD_API_KEY", "own"), ("BETA_API_KEY", "customary"), ("BETA_RESOURCE", "r")), "beta-cloud")!.ApiKey);
    }

    [Theory, InlineData(AuthSchemes.Entra), InlineData(AuthSchemes.Google), InlineData(AuthSchemes.None)]
    public void The_variable_named_after_the_slug_is_no_key_for_an_identity(string auth)
    {
        var sources = WithVariables(("BETA_CLOUD_API_KEY", "own"), ("BETA_RESOURCE", "r")) with
        {
            Settings = new Dictionary<string, ProviderSettings> { ["beta-cloud"] = new() { Auth = auth } }
        };
        Assert.Null(Resolve(sources, "beta-cloud"));
    }

    [Fact]
    public void A_setting_wins_over_the_variable()
    {
        var sources = WithVariables(("ALPHA_KEY", "shell")) with
        {
            Settings = new Dictionary<string, ProviderSettings> { ["alpha"] = new() { ApiKey = "setting" } }
        };
        Assert.Equal("setting", Resolve(sources, "alpha")!.ApiKey);
    }

    [Fact]
    public void A_placeholder_takes_its_variable() =>
        Assert.Equal("https://r1.beta.example/v1", Resolve(WithVariables(("BETA_API_KEY", "k"), ("BETA_RESOURCE", "r1")), "beta-cloud")!.BaseUrl!.AbsoluteUri);

    [Fact]
    public void A_key_found_in_the_shell_without_the_placeholders_value_is_left_alone() =>
        Assert.Null(Resolve(WithVariables(("BETA_API_KEY", "k")), "beta-cloud"));

    [Fact]
    public void A_key_set_without_the_placeholders_value_is_a_fault() =>
        Assert.Equal("settings: Providers:beta-cloud:BaseUrl: expected a value for {resource}: set Variables:resource",
            Assert.Single(Faults(With("beta-cloud", new ProviderSettings { ApiKey = "k" }))));

    [Theory, InlineData("evil.example/"), InlineData("a@b"), InlineData("a#"), InlineData("a:80")]
    public void A_placeholders_value_cannot_change_the_host(string value) =>
        Assert.StartsWith("settings: Providers:beta-cloud:BaseUrl: expected only letters",
            Assert.Single(Faults(With("beta-cloud", new ProviderSettings { ApiKey = "k", Variables = { ["resource"] = value } }))));

    [Theory]
    [InlineData("http://models.internal/v1", "expected https")]
    [InlineData("ftp://alpha.example", "expected an absolute https URL")]
    [InlineData("api.alpha.example", "expected an absolute https URL")]
    [InlineData("https://user:pass@alpha.example", "expected a URL without user")]
    [InlineData("https://{x", "expected a closed placeholder")]
    public void A_base_url_that_cannot_be_used_is_a_fault(string url, string expectation) =>
        Assert.StartsWith("settings: Providers:alpha:BaseUrl: " + expectation,
            Assert.Single(Faults(With("alpha", new ProviderSettings { ApiKey = "k", BaseUrl = url }))));

    [Fact]
    public void Plain_http_is_allowed_where_the_operator_says_so()
    {
        var sources = With("alpha", new ProviderSettings { ApiKey = "k", BaseUrl = "http://models.internal/v1" }) with { AllowPlainHttp = true };
        Assert.Equal("http://models.internal/v1", Resolve(sources, "alpha")!.BaseUrl!.AbsoluteUri);
    }

    [Fact]
    public void A_local_server_waits_for_being_chosen() => Assert.Null(Resolve(Sources(), "machine"));

    public static readonly TheoryData<ProviderSettings, string, string> Chosen = new()
    {
        { new ProviderSettings { Enabled = true }, "none", "http://127.0.0.1:9000/v1" },
        { new ProviderSettings { BaseUrl = "http://localhost:7/v1" }, "none", "http://localhost:7/v1" },
        { new ProviderSettings { Enabled = true, ApiKey = "k" }, "bearer", "http://127.0.0.1:9000/v1" },
    };

    [Theory, MemberData(nameof(Chosen))]
    public void A_chosen_local_server_serves(ProviderSettings settings, string auth, string url)
    {
        var provider = Resolve(With("machine", settings), "machine")!;
        Assert.Equal((auth, url, settings.ApiKey), (provider.Auth, provider.BaseUrl!.AbsoluteUri, provider.ApiKey));
    }

    [Fact]
    public void A_server_placed_by_a_catalog_file_needs_no_setting()
    {
        var sources = Sources("""{ "providers": [ { "slug": "rack", "dialect": "openai-chat", "base_url": "http://127.0.0.1:1/v1", "auth": "none" } ] }""");
        Assert.Equal(AuthSchemes.None, Resolve(sources, "rack")!.Auth);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_provider_without_a_key_serves_when_it_is_enabled(bool enabled) =>
        Assert.Equal(enabled, Resolve(With("scripted", new ProviderSettings { Enabled = enabled }), "scripted") is not null);

    [Theory, InlineData("entra", true), InlineData("google", true), InlineData("sigv4", true), InlineData("bearer", false)]
    public void An_identity_of_the_machine_can_be_the_credential(string auth, bool serves) =>
        Assert.Equal(serves, Resolve(With("alpha", new ProviderSettings { Enabled = true, Auth = auth }), "alpha") is not null);

    [Theory, InlineData("entra"), InlineData("google"), InlineData("sigv4")]
    public void An_identity_of_the_machine_is_not_used_unasked(string auth) =>
        Assert.Null(Resolve(With("alpha", new ProviderSettings { Auth = auth }), "alpha"));

    [Fact]
    public void Credentials_of_settings_make_a_provider_serve_whatever_their_spelling()
    {
        var settings = new ProviderSettings { Auth = "sigv4", Credentials = { ["AccessKeyId"] = "id", ["secret_access_key"] = "secret" } };

        var credentials = Resolve(With("alpha", settings), "alpha")!.Credentials;

        Assert.Equal(("id", "secret", 2), (credentials["access_key_id"], credentials["secret_access_key"], credentials.Count));
        Assert.Null(Resolve(With("alpha", new ProviderSettings { Auth = "sigv4", Credentials = { ["AccessKeyId"] = "id" } }), "alpha"));
    }

    [Fact]
    public void Unknown_credential_is_a_fault() =>
        Assert.StartsWith("settings: Providers:alpha:Credentials:Password: expected one of access_key_id, ",
            Assert.Single(Faults(With("alpha", new ProviderSettings { ApiKey = "k", Credentials = { ["Password"] = "p" } }))));

    [Fact]
    public void Credentials_come_from_the_variables_of_the_row_unless_settings_give_some()
    {
        var sources = Sources("""
            { "providers": [ { "slug": "cloud", "dialect": "openai-chat", "base_url": "https://{region}.cloud.example/v1", "auth": "sigv4",
              "variables": { "region": { "env": ["CLOUD_REGION"] } },
              "credentials": { "access_key_id": { "env": ["CLOUD_ID"] }, "secret_access_key": { "env": ["CLOUD_SECRET"] },
                "session_token": { "env": ["CLOUD_SESSION"] }, "service": { "default": "models" } } } ] }
            """);
        CatalogSources Given(params (string Name, string Value)[] variables) => sources with
        {
            EnvironmentVariable = name => variables.FirstOrDefault(variable => variable.Name == name).Value,
        };
        (string, string)[] all = [("CLOUD_ID", "id"), ("CLOUD_SECRET", "secret"), ("CLOUD_SESSION", "session"), ("CLOUD_REGION", "here")];
        var own = new ProviderSettings { Credentials = { ["AccessKeyId"] = "own id", ["SecretAccessKey"] = "own secret" } };

        var provider = Resolve(Given(all), "cloud")!;
        Assert.Equal("https://here.cloud.example/v1", provider.BaseUrl!.AbsoluteUri);
        Assert.Equal("here", provider.Variables["region"]);
        Assert.Equal(["access_key_id=id", "secret_access_key=secret", "service=models", "session_token=session"],
            provider.Credentials.Select(pair => $"{pair.Key}={pair.Value}").Order());
        // What is in the environment for another program stops nothing.
        Assert.Null(Resolve(Given(all[..3]), "cloud"));
        Assert.Null(Resolve(Given(all[1..]), "cloud"));
        // A session of the environment does not belong to the key of a setting.
        var set = Given(all) with { Settings = new Dictionary<string, ProviderSettings> { ["cloud"] = own } };
        Assert.Equal(["access_key_id=own id", "secret_access_key=own secret", "service=models"],
            Resolve(set, "cloud")!.Credentials.Select(pair => $"{pair.Key}={pair.Value}").Order());
    }

    [Fact]
    public void A_provider_can_be_made_by_settings_alone()
    {
        var provider = Resolve(With("own", new ProviderSettings { BaseUrl = "https://own.example/v1", Dialect = "openai-chat", ApiKey = "k" }), "own")!;
        Assert.Equal(("own", "bearer"), (provider.Name, provider.Auth));
    }

    [Fact]
    public void An_unknown_slug_is_a_fault() =>
        Assert.StartsWith("settings: Providers:alhpa: expected a slug of the provider table",
            Assert.Single(Faults(With("alhpa", new ProviderSettings { ApiKey = "k" }))));

    [Fact]
    public void Unknown_dialect_and_auth_are_both_told() =>
        Assert.Equal(["settings: Providers:alpha:Dialect", "settings: Providers:alpha:Auth"],
            Faults(With("alpha", new ProviderSettings { ApiKey = "k", Dialect = "morse", Auth = "secret" }))
                .Select(fault => fault[..fault.LastIndexOf(": ", StringComparison.Ordinal)]));

    [Fact]
    public void A_provider_of_the_table_that_this_process_cannot_call_is_skipped_with_the_reason()
    {
        var sources = WithVariables(("ALPHA_KEY", "from-shell"), ("BETA_API_KEY", "k"), ("BETA_RESOURCE", "r"));

        var snapshot = CatalogLoader.Load(sources with { Wires = ["anthropic-messages"] });
        Assert.Equal(["beta-cloud"], snapshot.Providers.Select(provider => provider.Slug));
        Assert.Equal(new CatalogError("provider table", "alpha", "dialect openai-chat is not supported; expected one of anthropic-messages"),
            Assert.Single(snapshot.SkippedProviders));

        snapshot = CatalogLoader.Load(sources with { AuthSchemes = ["bearer", "none"] });
        Assert.Equal("auth x-api-key is not supported; expected one of bearer, none", Assert.Single(snapshot.SkippedProviders).Expectation);
    }

    [Fact]
    public void A_provider_without_a_key_is_not_reported_as_skipped() =>
        Assert.Empty(CatalogLoader.Load(WithVariables() with { Wires = [] }).SkippedProviders);

    [Fact]
    public void A_provider_that_the_operator_configured_and_this_process_cannot_call_is_a_fault()
    {
        var bySetting = With("alpha", new ProviderSettings { ApiKey = "k" }) with { Wires = ["gemini"] };
        Assert.Equal("settings: Providers:alpha: dialect openai-chat is not supported; expected one of gemini", Assert.Single(Faults(bySetting)));

        var byFile = Sources("""{ "providers": [ { "slug": "alpha", "auth": "sigv4" } ] }""") with
        {
            Settings = new Dictionary<string, ProviderSettings>(),
            EnvironmentVariable = _ => "k",
            AuthSchemes = ["bearer", "x-api-key"],
        };
        Assert.Contains("file0.json: providers.alpha: auth sigv4 is not supported; expected one of bearer, x-api-key", Faults(byFile));
    }

    [Fact]
    public void A_setting_that_this_process_does_not_have_is_reported_once()
    {
        var sources = With("alpha", new ProviderSettings { ApiKey = "k", Dialect = "bedrock-converse" }) with { Wires = ["gemini", "openai-chat"] };
        Assert.Equal("settings: Providers:alpha:Dialect: expected one of gemini, openai-chat", Assert.Single(Faults(sources)));
    }

    [Fact]
    public void A_later_row_replaces_every_member_that_it_gives()
    {
        var full = new ProviderDefinition
        {
            Slug = "alpha",
            Name = "n",
            Dialect = "gemini",
            BaseUrl = "u",
            Auth = "none",
            Local = true,
            Env = ["E"],
            Variables = new Dictionary<string, VariableSource>(),
            Credentials = new Dictionary<string, VariableSource>(),
            ParameterRenames = new Dictionary<string, string>(),
            RefusedParameters = RequestParameters.Seed,
            AcceptsStreamOptions = false,
            AbortStopsBilling = true,
            CachedTokens = CachedTokenCounting.NotReported,
            Prefill = AssistantPrefill.Prefix,
            Path = "p/{model}",
            StreamPath = "s/{model}",
            MessagesVersion = "v",
            Headers = new Dictionary<string, string>(),
            Query = "q",
            Headquarters = "DE",
            Datacenters = ["DE"],
            DataPolicy = DataPolicy.Unknown,
            PrivacyPolicyUrl = "p",
            TermsOfServiceUrl = "t",
            StatusPageUrl = "s",
            Source = "o",
            SourceDate = "d",
        };
        Assert.All(typeof(ProviderDefinition).GetProperties(), member => Assert.NotNull(member.GetValue(full)));

        Assert.Equal(full, new ProviderDefinition { Slug = "alpha" }.MergedWith(full));
        Assert.Equal(full, full.MergedWith(new ProviderDefinition { Slug = "alpha" }));
    }

    [Fact]
    public void No_text_shows_the_key()
    {
        const string key = "very-secret";
        var settings = new ProviderSettings { ApiKey = key };
        Assert.DoesNotContain(key, settings.ToString());
        Assert.DoesNotContain(key, Resolve(With("alpha", settings), "alpha")!.ToString());
        Assert.DoesNotContain(Faults(With("alpha", settings with { BaseUrl = "nowhere" })), fault => fault.Contains(key, StringComparison.Ordinal));
    }
}

using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using EdgeRouter.Core.Catalog;
using EdgeRouter.TestSupport.Catalog;
using EdgeRouter.Upstreams.Secrets;
using Xunit;

namespace EdgeRouter.Upstreams.Tests.Secrets;

public sealed class ConfiguredSecretsTests
{
    private const string Key = "0f3a/9b-PLAIN+key.7c21";
    private const string HeaderToken = "tenant-token-4711-xyz";
    private const string QueryKey = "query code 8812";

    private static readonly Provider Alpha = TestEndpoints.Provider("https://alpha.example/v1", key: Key) with
    {
        Headers = new Dictionary<string, string> { ["X-Tenant-Token"] = HeaderToken, ["version"] = "2025-01-01" }.ToFrozenDictionary(),
        Query = "api-version=2025-04-01&code_key=" + Uri.EscapeDataString(QueryKey),
    };

    private readonly ConfiguredSecrets secrets = new(new FixedCatalog(new CatalogSnapshot([], [Alpha], new Dictionary<string, string>())));

    public static TheoryData<string> Spellings => new(
        "$", "Incorrect key $ given", "{\"error\":{\"message\":\"bad $\"}}", "($)", "$$", "x$y", "\"$\"");

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Configured_secret_is_cut_out_wherever_it_stands(string around)
    {
        foreach (var secret in (string[])[Key, HeaderToken, QueryKey])
        {
            foreach (var spelled in Spell(secret))
            {
                var scrubbed = secrets.Scrub(around.Replace("$", spelled, StringComparison.Ordinal))!;
                Assert.DoesNotContain(spelled, scrubbed, StringComparison.OrdinalIgnoreCase);
                Assert.Contains(ConfiguredSecrets.Redacted, scrubbed, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Secret_planted_anywhere_in_any_spelling_is_never_left()
    {
        var random = new Random(11);
        foreach (var secret in (string[])[Key, HeaderToken, QueryKey])
        {
            var spellings = Spell(secret).ToArray();
            for (var i = 0; i < 300; i++)
            {
                var text = new StringBuilder();
                for (var part = random.Next(1, 5); part > 0; part--)
                    text.Append(Noise(random)).Append(spellings[random.Next(spellings.Length)]).Append(Noise(random));
                var decoded = DecodedText.Of(secrets.Scrub(text.ToString())!).Text;
                Assert.DoesNotContain(secret, decoded, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public void Start_of_a_secret_at_the_end_of_a_cut_text_is_cut_out() =>
        Assert.Equal("The key is [redacted]", secrets.Scrub("The key is " + Key[..10]));

    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-abc***wxyz. You can find it", "wxyz")]
    [InlineData("Authorization: Bearer abcdef123456 was refused", "abcdef123456")]
    [InlineData("Rate limit reached for gpt-4o in organization org-AbCdEf123456 on tokens", "AbCdEf123456")]
    [InlineData("This would exceed your organization's limit (organization: 1b2c3d4e-aaaa-bbbb-cccc-123456789012)", "1b2c3d4e")]
    [InlineData("key=AIzaSyA1234567890abcdefg invalid", "AIzaSy")]
    [InlineData("{\"headers\":{\"x-api-key\":\"9f8e7d6c5b4a\"}}", "9f8e7d6c5b4a")]
    [InlineData("gsk_abcdefghij0123456789", "abcdefghij")]
    [InlineData("project proj_abcdefgh1234", "abcdefgh1234")]
    [InlineData("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc", "eyJzdWIi")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7")]
    public void What_looks_like_a_credential_is_cut_out(string text, string secret) =>
        Assert.DoesNotContain(secret, secrets.Scrub(text)!, StringComparison.Ordinal);

    [Theory]
    [InlineData("This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens.")]
    [InlineData("Unsupported parameter: 'max_tokens' is not supported with this model.")]
    [InlineData("{\"error\":{\"message\":\"Invalid value\",\"type\":\"invalid_request_error\",\"param\":\"messages[0].content\",\"code\":null}}")]
    [InlineData("tokens per minute (TPM): Limit 6000, Requested 14810")]
    [InlineData("The model `llama-3.3-70b-versatile` does not exist")]
    [InlineData("2025-01-01")]
    public void Other_text_stays_as_it_is(string text) => Assert.Equal(text, secrets.Scrub(text));

    [Fact]
    public void Secrets_of_a_reloaded_catalog_count_at_once()
    {
        var catalog = new FixedCatalog(CatalogSnapshot.Empty);
        var reloaded = new ConfiguredSecrets(catalog);
        Assert.Equal(Key, reloaded.Scrub(Key));

        catalog.Current = new CatalogSnapshot([], [Alpha], new Dictionary<string, string>());

        Assert.Equal(ConfiguredSecrets.Redacted, reloaded.Scrub(Key));
    }

    [Theory]
    [InlineData("Bearer my-custom-4711", "my-custom-4711")]
    [InlineData("Token token=\"my-custom-4711\"", "my-custom-4711")]
    [InlineData("Basic dXNlcjpteS1jdXN0b20tNDcxMQ==", "dXNlcjpteS1jdXN0b20tNDcxMQ==")]
    [InlineData("Basic dXNlcjpteS1jdXN0b20tNDcxMQ==", "my-custom-4711")]
    public void Secret_is_cut_out_without_the_scheme_that_it_is_sent_with(string header, string quoted)
    {
        var provider = Alpha with { Headers = new Dictionary<string, string> { ["Authorization"] = header }.ToFrozenDictionary() };
        var schemed = new ConfiguredSecrets(new FixedCatalog(new CatalogSnapshot([], [provider], new Dictionary<string, string>())));

        Assert.Equal("Unknown: [redacted] given", schemed.Scrub($"Unknown: {quoted} given"));
        Assert.Equal("A Bearer or Basic or Token header is expected", schemed.Scrub("A Bearer or Basic or Token header is expected"));
    }

    [Fact]
    public void Secrets_of_a_provider_that_a_reload_removed_still_count()
    {
        var keys = new Queue<string>(["first-key-0f3a9b", "second-key-1c2d3e", "third-key-4f5a6b"]);
        var catalog = new ReloadableCatalog(new ChangingSource(() => Sources(keys.Dequeue())));
        var reloaded = new ConfiguredSecrets(catalog);

        Assert.Empty(catalog.Reload());
        Assert.Empty(catalog.Reload());

        Assert.Equal("[redacted], [redacted], [redacted]", reloaded.Scrub("first-key-0f3a9b, second-key-1c2d3e, third-key-4f5a6b"));
    }

    private static CatalogSources Sources(string key) => new()
    {
        Providers = [],
        Documents = [new CatalogDocument("test", Encoding.UTF8.GetBytes(
            $$"""
            {"providers":[{"slug":"a","name":"A","dialect":"openai-chat","base_url":"https://a.example/v1","auth":"none","headers":{"X-Token":"{{key}}"} }],
             "models":[{"id":"acme/one","name":"One","created":1760000000,"input_modalities":["text"],"output_modalities":["text"],
               "endpoints":[{"provider":"a","upstream_model":"m","context_length":8000}]}]}
            """))],
    };

    /// <summary>The router and providers cut long texts anywhere, also inside an escape.</summary>
    [Fact]
    public void Secret_that_is_cut_anywhere_in_any_spelling_leaves_no_more_than_a_few_letters()
    {
        foreach (var spelled in Spell(Key))
        {
            for (var length = 1; length < spelled.Length; length++)
            {
                var left = DecodedText.Of(secrets.Scrub("The key is " + spelled[..length])!["The key is ".Length..]).Text;
                Assert.True(left.Length <= 12 || left.StartsWith(ConfiguredSecrets.Redacted, StringComparison.Ordinal), left);
                Assert.False(left.Contains(Key[..6], StringComparison.OrdinalIgnoreCase), left);
            }
        }
    }

    /// <summary>As JSON, as JSON inside JSON, in percent signs, in HTML, in capitals.</summary>
    private static IEnumerable<string> Spell(string secret)
    {
        yield return secret;
        yield return secret.ToUpperInvariant();
        var json = JsonValue.Create(secret).ToJsonString()[1..^1];
        yield return json;
        var unicode = string.Concat(secret.Select(letter => $"\\u{(int)letter:x4}"));
        yield return unicode;
        yield return unicode.Replace("\\", "\\\\", StringComparison.Ordinal);
        yield return secret.Replace("/", "\\/", StringComparison.Ordinal);
        yield return Uri.EscapeDataString(secret);
        yield return string.Concat(secret.Select(letter => $"&#{(int)letter};"));
        yield return string.Concat(secret.Select(letter => $"&#x{(int)letter:x};"));
    }

    private static string Noise(Random random) => new([.. Enumerable.Range(0, random.Next(6)).Select(_ => " abc\"\\{}%&#x;:".ToCharArray()[random.Next(14)])]);
}

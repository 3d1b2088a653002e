using EdgeRouter.Core.Budgets;
using EdgeRouter.Core.Governance;
using EdgeRouter.Core.Metering;
using EdgeRouter.Gateway.Authentication;
using EdgeRouter.Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Gateway.Tests.Configuration;

public sealed class RouterSettingsTests
{
    [Fact]
    public void Nothing_set_gives_the_defaults()
    {
        var settings = Read();

        Assert.Equal("local", settings.Region);
        Assert.Equal(6, settings.Limits.MaxAttempts);
        Assert.Equal(TimeSpan.FromSeconds(8), settings.Hedging.Delay);
        Assert.Null(settings.Scripted);
        Assert.Empty(settings.Providers);
        Assert.True(settings.FlushToDisk);
        Assert.Equal(90, settings.RetentionDays);
    }

    [Theory]
    [InlineData("29")]
    [InlineData("1")]
    [InlineData("-1")]
    public void Records_are_kept_for_a_month_at_least_or_for_ever(string days)
    {
        Assert.StartsWith("EdgeRouter__Store__RetentionDays", Assert.Single(Assert.Throws<SettingsException>(() => Read(("Store:RetentionDays", days))).Faults),
            StringComparison.Ordinal);
        Assert.Equal(0, Read(("Store:RetentionDays", "0")).RetentionDays);
        Assert.Equal(30, Read(("Store:RetentionDays", "30")).RetentionDays);
    }

    [Fact]
    public void Every_fault_is_told_at_once_by_the_name_of_its_variable()
    {
        var fault = Assert.Throws<SettingsException>(() => Read(
            ("Limits:MaxAttempts", "7"), ("Limits:IdleSeconds", "soon"), ("Hedging:Enabled", "perhaps"), ("Keys:Inference", "short"),
            ("Routing:CeilingPrice:Prompt", "-1"), ("Regoin", "x"), ("Providers:openai:Enabled", "si"), ("Providers:openai:ApiKy", "x")));

        Assert.Equal(
            [
                "EdgeRouter__Hedging__Enabled: expected true or false",
                "EdgeRouter__Keys__Inference: expected at least 16 printable ASCII characters without spaces",
                "EdgeRouter__Limits__IdleSeconds: expected seconds from 0.1 to 3600",
                "EdgeRouter__Limits__MaxAttempts: expected a whole number from 1 to 6",
                "EdgeRouter__Providers__openai__ApiKy: no such setting",
                "EdgeRouter__Providers__openai__Enabled: expected true or false",
                "EdgeRouter__Regoin: no such setting",
                "EdgeRouter__Routing__CeilingPrice__Prompt: expected a decimal number, at least 0",
            ], fault.Faults.Order(StringComparer.Ordinal));
        Assert.All(fault.Faults, line => Assert.Contains(line, fault.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("swedencentral", "0.2")]
    [InlineData("SwedenCentral", "0.2")]
    [InlineData("japaneast", "0.05")]
    [InlineData("eastus2", "0.75")]
    public void Region_has_its_own_share_of_every_limit_or_what_the_listed_ones_leave(string region, string share)
    {
        var budgets = Read(("Region", region), ("Budgets:Shares:swedencentral", "0.2"), ("Budgets:Shares:japaneast", "0.05"),
            ("Budgets:Account:Limit", "1000"), ("Budgets:Inference:Limit", "0.000000010")).Budgets;

        var expected = decimal.Parse(share, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected, budgets.Share);
        Assert.Equal(NanoDollars.FromDollars(1000 * expected), budgets.AccountLimit!.Amount);
        var limits = budgets.Bound(KeyRing.CallerOf("sk-inference-0123456789", KeyKind.Inference)).Limits;
        // Of ten nano-dollars, rounded down.
        Assert.Equal([(long)(10 * expected), (long)(1_000_000_000_000 * expected)], limits.Select(limit => limit.Amount.Value));
        Assert.All(limits, limit => Assert.Equal(expected, limit.Share));
    }

    [Theory]
    [InlineData("EdgeRouter__Budgets__Shares__a: expected a number above 0, at most 1, with at most 6 decimals", "a", "0")]
    [InlineData("EdgeRouter__Budgets__Shares__a: expected a number above 0, at most 1, with at most 6 decimals", "a", "1.1")]
    [InlineData("EdgeRouter__Budgets__Shares__a: expected a number above 0, at most 1, with at most 6 decimals", "a", "-0.1")]
    [InlineData("EdgeRouter__Budgets__Shares__a: expected a number above 0, at most 1, with at most 6 decimals", "a", "20%")]
    [InlineData("EdgeRouter__Budgets__Shares__a: expected a number above 0, at most 1, with at most 6 decimals", "a", "0.1234567")]
    [InlineData("EdgeRouter__Budgets__Shares: expected shares that sum to at most 1; these sum to 1.1", "a", "0.6", "b", "0.5")]
    [InlineData("EdgeRouter__Budgets__Shares: leave nothing for region here: expected a share for it, or a sum below 1", "a", "0.6", "b", "0.4")]
    public void Shares_that_cannot_be_are_a_fault(string fault, params string[] shares) => Assert.Equal([fault], Assert.Throws<SettingsException>(() =>
        Read([("Region", "here"), .. shares.Chunk(2).Select(pair => ("Budgets:Shares:" + pair[0], pair[1]))])).Faults);

    [Fact]
    public void Shares_may_take_the_whole_when_every_region_has_one() =>
        Assert.Equal(0.4m, Read(("Region", "b"), ("Budgets:Shares:a", "0.6"), ("Budgets:Shares:b", "0.4")).Budgets.Share);

    [Fact]
    public void Every_fault_of_a_budget_is_told()
    {
        var fault = Assert.Throws<SettingsException>(() => Read(
            ("Budgets:Account:Limit", "-5"), ("Budgets:Inference:Limit", "100000001"), ("Budgets:Inference:Reset", "hourly"),
                ("Budgets:Management:Reset", "daily"),
            ("Budgets:LeaseShare", "1.5"), ("Budgets:LeaseSeconds", "1"), ("Budgets:WithoutLedger", "hope")));

        Assert.Equal(
            [
                "EdgeRouter__Budgets__Account__Limit: expected a decimal number, at least 0",
                "EdgeRouter__Budgets__Inference__Limit: expected at most 100000000",
                "EdgeRouter__Budgets__Inference__Reset: expected daily, weekly or monthly",
                "EdgeRouter__Budgets__LeaseSeconds: expected seconds from 10 to 3600",
                "EdgeRouter__Budgets__LeaseShare: expected a number from 0.001 to 1",
                "EdgeRouter__Budgets__Management__Reset: expected a Limit with it",
                "EdgeRouter__Budgets__WithoutLedger: expected refuse or serve",
            ], fault.Faults.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Caller_is_bound_by_the_limit_of_its_key_and_by_that_of_the_account()
    {
        var budgets = Read(("Budgets:Account:Limit", "100"), ("Budgets:Inference:Limit", "2.5"), ("Budgets:Inference:Reset", "Weekly"),
            ("Budgets:WithoutLedger", "serve")).Budgets;
        var inference = KeyRing.CallerOf("sk-inference", KeyKind.Inference);

        Assert.Equal(
            [
                new BudgetLimit(BudgetLevel.Key, inference.KeyHash, NanoDollars.FromDollars(2.5m), BudgetReset.Weekly),
                new BudgetLimit(BudgetLevel.Account, BudgetLimit.WholeAccount, NanoDollars.FromDollars(100), BudgetReset.Never),
            ], budgets.Bound(inference).Limits);
        Assert.Equal([BudgetLevel.Account], budgets.Bound(KeyRing.CallerOf("sk-management", KeyKind.Management)).Limits.Select(limit => limit.Level));
        Assert.True(budgets.Options.ServeWithoutLedger);
        Assert.Empty(Read().Budgets.Bound(inference).Limits);
    }

    [Fact]
    public void Fault_about_a_key_does_not_show_the_key() =>
        Assert.DoesNotContain("geheim", Assert.Throws<SettingsException>(() => Read(("Keys:Management", "geheim"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Half_a_ceiling_price_is_a_fault() =>
        Assert.Contains("both Prompt and Completion", Assert.Throws<SettingsException>(() => Read(("Routing:CeilingPrice:Prompt", "0.1"))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Lists_are_read_in_the_order_of_their_numbers()
    {
        var settings = Read(("Catalog:Files:10", "c"), ("Catalog:Files:2", "b"), ("Catalog:Files:0", "a"));

        Assert.Equal(["a", "b", "c"], settings.CatalogFiles);
    }

    [Theory]
    [InlineData("https://account.blob.core.windows.net/catalogs/own.json?sv=1&sig=c2ln", true)]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/catalogs/own.json", true)]
    [InlineData("http://localhost:10000/own.json", true)]
    [InlineData("http://files.example/own.json", false)]
    [InlineData("https://user:c2ln@files.example/own.json", false)]
    [InlineData("https://files.example/own.json#c2ln", false)]
    [InlineData("file:///own.json", false)]
    [InlineData("ftp://files.example/own.json", false)]
    public void Catalog_file_may_be_an_https_URL_and_plain_http_only_on_loopback(string file, bool good)
    {
        if (good)
        {
            Assert.Equal([file], Read(("Catalog:Files:0", file)).CatalogFiles);
            return;
        }
        var fault = Assert.Single(Assert.Throws<SettingsException>(() => Read(("Catalog:Files:0", file))).Faults);
        Assert.StartsWith("EdgeRouter__Catalog__Files__0: expected a path, or an https URL", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("c2ln", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Provider_settings_are_read_by_slug()
    {
        var settings = Read(("Providers:azure:ApiKey", "k"), ("Providers:azure:Variables:resource", "contoso"), ("Providers:azure:Headers:X-Team", "red"));

        var azure = settings.Providers["AZURE"];
        Assert.Equal(("k", "contoso", "red"), (azure.ApiKey, azure.Variables["resource"], azure.Headers["x-team"]));
    }

    private static RouterSettings Read(params (string Path, string Value)[] settings) =>
        RouterSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("EdgeRouter:" + setting.Path, (string?)setting.Value))).Build());
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.Gateway.Configuration;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Functions.Tests.Settings;

public sealed class SettingsFaultTests
{
    private static FunctionsHostSettings Read(params (string Path, string? Value)[] changes)
    {
        var values = RunningRouter.Settings("/nowhere");
        foreach (var (path, value) in changes) values[path] = value;
        return CheckedSettings.Read(values);
    }

    [Fact]
    public void Good_settings_have_no_fault() => Assert.Equal("usage", Read().UsageQueueName);

    [Theory]
    [InlineData(null, 225)]
    [InlineData("100", 100)]
    [InlineData("0", 0)]
    public void Answer_that_is_not_streamed_is_given_up_before_the_platform_would(string? set, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(("EdgeRouter:Limits:PlatformSeconds", set)).Router!.Limits.Platform);

    [Theory]
    [InlineData("EdgeRouter:Storage", null, "EdgeRouter__Storage: required")]
    [InlineData("EdgeRouter:Storage", "memory", "EdgeRouter__Storage: expected tables:")]
    [InlineData("EdgeRouter:UsageQueue", null, "EdgeRouter__UsageQueue: required")]
    [InlineData("EdgeRouter:UsageQueue", "inprocess", "EdgeRouter__UsageQueue: expected servicebus:")]
    [InlineData("EdgeRouter:Keys:Inference", null, "EdgeRouter__Keys__Inference: required")]
    [InlineData("EdgeRouter:Keys:Management", RunningRouter.InferenceKey, "EdgeRouter__Keys__Management: expected another key")]
    [InlineData("EdgeRouter:Keys:Inference", "short", "EdgeRouter__Keys__Inference: expected at least 16")]
    [InlineData("EdgeRouter:Keys:Inference", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a)",
        "EdgeRouter__Keys__Inference: the Key Vault reference is not resolved")]
    [InlineData("EdgeRouter:Providers:openai:ApiKey", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a)",
        "EdgeRouter__Providers__openai__ApiKey: the Key Vault reference is not resolved")]
    [InlineData("OPENAI_API_KEY", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a)",
        "OPENAI_API_KEY: the Key Vault reference is not resolved")]
    [InlineData("UsageQueueName", null, "UsageQueueName: required")]
    [InlineData("UsageBus", null, "UsageBus__fullyQualifiedNamespace: required")]
    [InlineData("EdgeRouter:Limits:MaxBodyBytes", "much", "EdgeRouter__Limits__MaxBodyBytes: expected a whole number")]
    [InlineData("EdgeRouter:Limits:TotalSeconds", "2041",
        "EdgeRouter__Limits__TotalSeconds: expected at most 2040 on Azure Functions, where an invocation ends after 2400 seconds")]
    [InlineData("EdgeRouter:Limits:ReadOnSeconds", "600", "EdgeRouter__Limits__TotalSeconds: expected at most 1740")]
    [InlineData("EdgeRouter:FrontDor:Id", "x", "EdgeRouter__FrontDor__Id: no such setting")]
    public void A_fault_names_the_setting_and_what_was_expected(string path, string? value, string expected)
    {
        var fault = Assert.Single(Assert.Throws<SettingsException>(() => Read((path, value))).Faults);
        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("vault.azure.net", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_schedule_is_logged_and_the_app_serves()
    {
        string[] schedules = ["RollupSweepSchedule", "StatisticsSnapshotSchedule", "LeaseJanitorSchedule", "MoneyExportSchedule"];
        await using var router = await RunningRouter.StartAsync(settings: [.. schedules.Select(schedule => (schedule, ""))]);
        using var answer = await router.ChatAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var schedule in schedules)
            Assert.Contains(router.Errors.Lines, line => line.StartsWith($"{schedule} is not set", StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_may_take_as_long_as_its_invocation_leaves_it()
    {
        Assert.Equal(TimeSpan.FromSeconds(2040), Read(("EdgeRouter:Limits:TotalSeconds", "2040")).Router!.Limits.Total);
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "host.json")));
        Assert.Equal(FunctionsHostSettings.FunctionTimeout,
            TimeSpan.Parse(host.RootElement.GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Every_fault_is_reported_at_once()
    {
        var error = Assert.Throws<SettingsException>(() => Read(
            ("EdgeRouter:Storage", null), ("EdgeRouter:UsageQueue", "inprocess"), ("EdgeRouter:Keys:Inference", null), ("UsageQueueName", ""),
                ("EdgeRouter:Limits:MaxBodyBytes", "much"), ("EdgeRouter:Nonsense", "x")));
        Assert.Equal(6, error.Faults.Count);
        foreach (var fault in error.Faults) Assert.Contains("\n  " + fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_namespace_of_the_trigger_may_be_named_instead_of_a_connection_string() =>
        Assert.NotNull(Read(("UsageBus", null), ("UsageBus:fullyQualifiedNamespace", "sb-one.servicebus.windows.net")));

    [Fact]
    public void The_template_of_local_settings_is_good()
    {
        var template = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "local.settings.template.json")).Build();
        // As the tools hand them on: as environment variables, in which "__" separates.
        var values = template.GetSection("Values").GetChildren()
            .ToDictionary(child => child.Key.Replace("__", ":", StringComparison.Ordinal), child => child.Value);
        Assert.Equal("usage", CheckedSettings.Read(values).UsageQueueName);
    }

    [Fact]
    public async Task Faults_of_a_catalog_file_are_reported_with_those_of_the_settings()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "catalog.json");
        File.WriteAllText(file, """{"models":[{"id":"acme/one","endpoints":[{"provider":"nobody","upstream_model":7}]}]}""");
        var values = RunningRouter.Settings("/nowhere");
        values["EdgeRouter:Catalog:Files:0"] = file;
        values["EdgeRouter:Keys:Inference"] = null;
        var faults = (await Assert.ThrowsAsync<SettingsException>(() => RouterApplication.BuildAsync([], static (_, _) => new MemoryTableStore(),
            configure: builder => builder.Configuration.AddInMemoryCollection(values)))).Faults;
        Assert.Contains(faults,
            fault => fault.Contains("catalog.json", StringComparison.Ordinal) && fault.Contains("upstream_model", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("EdgeRouter__Keys__Inference: required", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Faults_of_a_catalog_file_alone_are_reported_likewise()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "catalog.json");
        File.WriteAllText(file, """{"models":[{"id":"acme/one","endpoints":[{"provider":"nobody","upstream_model":7}]}]}""");
        var values = RunningRouter.Settings(folder.Path);
        values["EdgeRouter:Catalog:Files:0"] = file;
        var faults = (await Assert.ThrowsAsync<SettingsException>(() => RouterApplication.BuildAsync([], static (_, _) => new MemoryTableStore(),
            configure: builder => builder.Configuration.AddInMemoryCollection(values)))).Faults;
        Assert.Contains(faults, fault => fault.Contains("upstream_model", StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.Contains("catalog.json", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_process_says_what_is_wrong_in_one_message_and_exits_with_2()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EdgeRouter.Functions.dll")]);
        start.Environment["EdgeRouter__Limits__MaxBodyBytes"] = "much";
        start.Environment["EdgeRouter__UsageQueue"] = "inprocess";
        start.Environment["urls"] = "http://127.0.0.1:0";
        var run = await ProgramRun.OfAsync(start, Host.AppProcess.Limit);
        Assert.Equal(2, run.ExitCode);
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("The settings are not valid:", lines[0]);
        Assert.All(lines[1..], line => Assert.Matches("^  [A-Za-z_]+: ", line));
        Assert.Contains(lines, line => line.Contains("MaxBodyBytes", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("EdgeRouter__UsageQueue", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("EdgeRouter__Keys__Inference", StringComparison.Ordinal));
    }
}

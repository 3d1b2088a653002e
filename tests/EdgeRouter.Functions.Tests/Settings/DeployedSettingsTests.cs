using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRouter.Gateway.Configuration;
using Xunit;

namespace EdgeRouter.Functions.Tests.Settings;

/// <summary>
/// The list of settings that the template is held to (tests/infra/app-settings.json; tests/infra/template/settings.js holds the template to it) is the
/// code's own: what the code cannot do without is set, and what is set the code knows.
/// </summary>
public sealed partial class DeployedSettingsTests
{
    private static readonly JsonElement List = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "app-settings.json"))).RootElement;
    private static readonly string[] ForRouter = Names("router");
    private static readonly string[] ForHost = Names("functionsHost");

    [Fact]
    public void Every_setting_that_the_code_demands_is_set()
    {
        var faults = Assert.Throws<SettingsException>(() => CheckedSettings.Read([])).Faults;
        var demanded = faults.Select(fault => SettingName().Match(fault).Value).ToArray();
        Assert.Contains("EdgeRouter__Storage", demanded);
        Assert.Empty(demanded.Except([.. ForRouter, .. ForHost]));
    }

    [Fact]
    public void Every_setting_that_is_set_for_the_router_is_read_by_it()
    {
        var good = RunningRouter.Settings("/nowhere");
        foreach (var name in ForRouter)
        {
            var path = name.Replace("__", ":", StringComparison.Ordinal).Replace("*", "openai", StringComparison.Ordinal);
            // A name in the router's section that it does not know is a fault; outside of it only names that it demands are its own.
            if (path.StartsWith("EdgeRouter:", StringComparison.Ordinal)) good.TryAdd(path, ValueOf(path));
            else if (path.EndsWith("Schedule", StringComparison.Ordinal))
                Assert.Equal([path], CheckedSettings.Read(good.Where(setting => setting.Key != path)).MissingSchedules);
            else
            {
                var error = Assert.Throws<SettingsException>(() => CheckedSettings.Read(good.Where(setting => setting.Key != path)));
                Assert.Contains(path, Assert.Single(error.Faults), StringComparison.Ordinal);
            }
        }
        Assert.Empty(CheckedSettings.Read(good).MissingSchedules);
    }

    private static string ValueOf(string path) => path switch
    {
        _ when path.Contains(":Shares:", StringComparison.Ordinal) => "0.2",
        _ when path.EndsWith(":Export:Target", StringComparison.Ordinal) => "blob:https://account.blob.core.windows.net/money",
        _ => "sk-a-value-of-its-own-" + path,
    };

    private static string[] Names(string list) => [.. List.GetProperty(list).EnumerateArray().Select(name => name.GetString()!)];

    [GeneratedRegex("^[A-Za-z_]+")]
    private static partial Regex SettingName();
}

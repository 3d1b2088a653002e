using EdgeRouter.Core.Governance;
using EdgeRouter.TestSupport.Storage;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EdgeRouter.Local.Tests;

/// <summary>What the operator reads at the start: no key of the settings, a generated one once, and what is not safe.</summary>
public sealed class StartReportTests : IDisposable
{
    private const string Inference = "sk-my-own-inference-key-0123";
    private const string Management = "sk-my-own-management-key-0123";
    private const string PlainHttp = "warning: http://";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Keys_of_the_settings_are_never_printed()
    {
        var report = await StartAsync("127.0.0.1", ("Keys:Inference", Inference), ("Keys:InferenceNext", Inference + "-next"),
            ("Keys:Management", Management), ("Keys:ManagementNext", Management + "-next"));

        Assert.Contains("listening on http://127.0.0.1:", report, StringComparison.Ordinal);
        Assert.DoesNotContain("my-own", report, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiKeyText.Prefix, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generated_keys_are_printed_once_and_not_at_the_next_start()
    {
        var first = await StartAsync("127.0.0.1");
        var second = await StartAsync("127.0.0.1");

        var words = first.Split(ApiKeyText.Prefix);
        Assert.Equal(3, words.Length);
        Assert.NotEqual(words[1][..64], words[2][..64]);
        Assert.DoesNotContain(ApiKeyText.Prefix, second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.0.0.2", false)]
    public async Task Plain_HTTP_that_other_machines_can_reach_is_warned_about(string address, bool isWarned) =>
        Assert.Equal(isWarned, (await StartAsync(address)).Contains(PlainHttp, StringComparison.Ordinal));

    [Fact]
    public async Task Storage_folder_that_every_user_may_write_in_is_warned_about()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.DoesNotContain("warning:", await StartAsync("127.0.0.1"), StringComparison.Ordinal);
        File.SetUnixFileMode(Store, File.GetUnixFileMode(Store) | UnixFileMode.OtherWrite);
        Assert.Contains("warning: Every user of this machine may write in the storage folder", await StartAsync("127.0.0.1"), StringComparison.Ordinal);
    }

    private string Store => Path.Combine(folder.Path, "store");

    private async Task<string> StartAsync(string address, params (string Path, string Value)[] settings)
    {
        var values = settings.ToDictionary(setting => "EdgeRouter:" + setting.Path, setting => (string?)setting.Value);
        values["EdgeRouter:Storage"] = "file:" + Store;
        await using var output = new StringWriter();
        await using var host = await LocalHost.StartAsync(new LocalOptions(0, address, NewKeys: false),
            new ConfigurationBuilder().AddInMemoryCollection(values).Build(), _ => null, output);
        return output.ToString();
    }
}

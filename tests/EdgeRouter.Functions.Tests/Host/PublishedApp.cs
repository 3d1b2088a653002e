using System.Diagnostics;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;
using Xunit;

namespace EdgeRouter.Functions.Tests.Host;

/// <summary>
/// The app as it is published, in a folder of its own. Not as it is deployed: it has the stand-in for the trigger packages, which publishing refuses
/// unless a property that only this file sets allows it; and it is the build that is there, not one for the machines of Azure.
/// </summary>
public sealed class PublishedApp : IAsyncLifetime
{
    /// <summary>The property that lets the stand-in be published.</summary>
    public const string Permission = "PublishLocalTriggersForTests";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly TemporaryFolder folder = new();

    /// <summary>The folder.</summary>
    public string Path => folder.Path;

    public async ValueTask InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var publish = await ProgramRun.OfAsync(new ProcessStartInfo("dotnet",
        [
            "publish", RepositoryRoot.Of("src", "EdgeRouter.Functions"), "-c", configuration, "--no-build", "-nodeReuse:false", "-nologo",
            "-o", folder.Path, $"-p:{Permission}=true",
        ]), Limit);
        Assert.True(publish.ExitCode == 0, publish.Output + publish.Errors);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

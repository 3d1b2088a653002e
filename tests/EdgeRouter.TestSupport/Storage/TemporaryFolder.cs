namespace EdgeRouter.TestSupport.Storage;

/// <summary>A new folder, removed with everything in it when disposed.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgerouter-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

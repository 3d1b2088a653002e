using EdgeRouter.Core.Exports;
using EdgeRouter.EmbeddedStore.Memory;
using EdgeRouter.TestSupport;
using EdgeRouter.TestSupport.Storage;

namespace EdgeRouter.Core.Tests.Exports;

/// <summary>Tables that are lost, tables that are restored, and the folder of exports between them.</summary>
public abstract class MoneyRestoreFixture : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private protected VirtualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 10, 29, 8, 0, 0, TimeSpan.Zero));

    private protected MemoryTableStore Lost { get; } = new();

    private protected MemoryTableStore Restored { get; } = new();

    private protected string Folder => folder.Path;

    private protected ExportFolder Files => new(folder.Path);

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected Task<ExportReport> ExportAsync(IExportFaults? faults = null) =>
        new MoneyExport(Lost, Files, Bookkeeping.Limits, Time, faults).RunAsync();

    private protected Task<RestoreReport> RestoreAsync(bool apply = true, bool overwrite = false, DateOnly? through = null, DateOnly? from = null,
        MemoryTableStore? into = null) =>
        new MoneyRestore(into ?? Restored, Files, new RestoreOptions(apply, overwrite, through) { From = from }, Time).RunAsync();
}

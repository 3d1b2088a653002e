using System.Globalization;
using EdgeRouter.AzureAdapters.Tables;
using EdgeRouter.Core.Exports;
using EdgeRouter.Core.Storage;
using EdgeRouter.EmbeddedStore;
using EdgeRouter.EmbeddedStore.Files;

namespace EdgeRouter.Restore;

/// <summary>Restores tables from exports, and says what it did. Stateless.</summary>
internal static class RestoreCommand
{
    private const string FilePrefix = "file:";

    /// <summary>
    /// 0: all rows are as exported. 3: some are newer in the tables, and stayed. 1: it failed, and the reason is on <paramref name="errors"/>.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var arguments = RestoreArguments.Parse(args);
            var tables = Open(arguments);
            try
            {
                var restore = new MoneyRestore(tables, new ExportFolder(arguments.Folder), arguments.Options, time);
                var report = await restore.RunAsync(cancellationToken);
                await WriteAsync(report, arguments.Options, output);
                return report.Newer > 0 ? 3 : 0;
            }
            finally
            {
                if (tables is IAsyncDisposable disposable) await disposable.DisposeAsync();
            }
        }
        catch (Exception fault) when (fault is FormatException or InvalidDataException or IOException or UnauthorizedAccessException
            or StorageUnavailableException or StoreRefusedException)
        {
            await errors.WriteLineAsync($"restore-tables: {fault.Message}");
            return 1;
        }
    }

    private static ITableStore Open(RestoreArguments arguments) => arguments.Tables.StartsWith(FilePrefix, StringComparison.Ordinal)
        ? EmbeddedTableStore.Open(new EmbeddedStoreOptions { Folder = Path.GetFullPath(arguments.Tables[FilePrefix.Length..]) })
        : AzureTableStoreFactory.Create(arguments.Tables, arguments.ClientId);

    private static async Task WriteAsync(RestoreReport report, RestoreOptions options, TextWriter output)
    {
        var day = CultureInfo.InvariantCulture;
        await output.WriteLineAsync(string.Create(day, $"{report.Days} days, {report.From:yyyy-MM-dd} to {report.Through:yyyy-MM-dd}"));
        foreach (var (table, counts) in report.Counts.OrderBy(static table => table.Key, StringComparer.Ordinal))
            await output.WriteLineAsync(string.Create(day, $"table {table}: {counts.Written} missing, {counts.Present} there, {counts.Merged} merged, ")
                + string.Create(day, $"{counts.Overwritten} newer and overwritten, {counts.Newer} newer and kept"));
        var sums = report.Sums;
        await output.WriteLineAsync($"records ${sums.Records}, adjustments ${sums.Adjustments}, totals of days and months ${sums.Totals}");
        await output.WriteLineAsync($"ledger: spent ${sums.Spent}, leased ${sums.Leased}");
        await output.WriteLineAsync(options.Apply ? "done" : "This was a dry run: nothing was changed. --apply restores.");
        if (report.Newer > 0 && !options.Overwrite)
            await output.WriteLineAsync("Rows that have other values in the tables stay: they may be newer than the export. --overwrite-newer replaces them.");
    }
}

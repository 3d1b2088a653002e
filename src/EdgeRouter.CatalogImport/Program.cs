using System.Globalization;
using System.Text.Json;
using EdgeRouter.CatalogImport;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.CatalogImport.Output;

try
{
    var options = ImportOptions.Parse(args);
    var report = new ImportReport();
    using var input = JsonDocument.Parse(File.ReadAllBytes(options.Input));
    var catalog = Importer.Import(input.RootElement, options.SourceDate, report);
    if (options.SplitInto is { } folder) CatalogFileWriter.WriteByAuthor(catalog, folder);
    else if (options.Output is { } file) File.WriteAllBytes(file, CatalogFileWriter.Write(catalog.Models));
    else
    {
        using var output = Console.OpenStandardOutput();
        output.Write(CatalogFileWriter.Write(catalog.Models));
    }
    report.Write(catalog, Console.Error);
    return 0;
}
catch (Exception fault) when (fault is ImportException or IOException or UnauthorizedAccessException or JsonException)
{
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"import-catalog: {fault.Message}"));
    return 1;
}

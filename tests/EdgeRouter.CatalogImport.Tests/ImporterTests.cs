using System.Text;
using EdgeRouter.CatalogImport.Imported;
using EdgeRouter.CatalogImport.Output;
using EdgeRouter.Core.Catalog;
using Xunit;

namespace EdgeRouter.CatalogImport.Tests;

public sealed class ImporterTests
{
    [Theory, InlineData("{}"), InlineData("[]"), InlineData("""{ "data": {} }"""), InlineData("""{ "openai": { "models": [] } }"""), InlineData("7")]
    public void Another_shape_of_input_is_refused(string json) =>
        Assert.Throws<ImportException>(() => Inputs.Import(Encoding.UTF8.GetBytes(json), new ImportReport()));

    [Theory]
    [InlineData("""{ "openai": { "models": { "x": null } } }""")]
    [InlineData("""{ "openai": { "models": { "x": { "cost": "dear", "modalities": [], "limit": 3 } } } }""")]
    [InlineData("""{ "data": [ null, 3, {}, { "id": "a/b", "pricing": [], "architecture": { "output_modalities": "text" } } ] }""")]
    public void Rows_of_wrong_types_are_reported_not_fatal(string json)
    {
        var report = new ImportReport();
        Assert.Empty(Inputs.Import(Encoding.UTF8.GetBytes(json), report).Models);
        Assert.NotEmpty(report.Counts);
    }

    [Theory]
    [InlineData(""), InlineData("-o out.json"), InlineData("in.json -o"), InlineData("in.json more.json"), InlineData("in.json --fast")]
    [InlineData("in.json -o a --split b"), InlineData("in.json --source-date yesterday")]
    public void A_wrong_command_line_is_refused(string line) =>
        Assert.Throws<ImportException>(() => ImportOptions.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void A_command_line_is_understood() =>
        Assert.Equal(new ImportOptions("in.json", "out.json", null, "2026-07-02"),
            ImportOptions.Parse(["in.json", "-o", "out.json", "--source-date", "2026-07-02"]));

    [Fact]
    public void The_report_counts_and_gives_examples()
    {
        var report = new ImportReport();
        for (var index = 0; index < 5; index++) report.Skip("no price", $"provider/m{index}");
        report.Skip("deprecated", "provider/old");
        var text = new StringWriter { NewLine = "\n" };
        report.Write(new ImportedCatalog(), text);
        Assert.Equal("""
            0 models (0 with two endpoints or more), 0 endpoints
            6 rows could not be used:
                 5  no price: provider/m0, provider/m1, provider/m2, ...
                 1  deprecated: provider/old

            """, text.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void The_same_input_gives_the_same_bytes()
    {
        byte[] Write() => CatalogFileWriter.Write(Inputs.Import(Inputs.Read(Inputs.ModelsDev), new ImportReport()).Models);
        Assert.Equal(Write(), Write());
    }

    [Fact]
    public void The_whole_database_imports_and_loads()
    {
        if (Environment.GetEnvironmentVariable("EDGEROUTER_MODELS_DEV") is not { Length: > 0 } path)
        {
            Assert.Skip("EDGEROUTER_MODELS_DEV names no file");
            return;
        }
        var catalog = Inputs.Import(File.ReadAllBytes(path), new ImportReport());
        var snapshot = CatalogLoader.Load(Inputs.EveryProvider(CatalogFileWriter.Write(catalog.Models)));
        Assert.Equal(catalog.Models.Count, snapshot.Models.Count);
        Assert.Equal(catalog.EndpointCount, snapshot.Models.Sum(model => model.Endpoints.Count));
        Assert.InRange(snapshot.Models.Count, 400, 10_000);
    }
}

namespace EdgeRouter.CatalogImport;

/// <summary>The command line.</summary>
/// <param name="Input">File to read.</param>
/// <param name="Output">Catalog file to write; null: standard output.</param>
/// <param name="SplitInto">Folder for one file per author; null: a single file.</param>
/// <param name="SourceDate">Date of the facts, written into each row; null: not known.</param>
internal sealed record ImportOptions(string Input, string? Output, string? SplitInto, string? SourceDate)
{
    private const string Usage = "expected INPUT.json [-o OUT.json | --split FOLDER] [--source-date YYYY-MM-DD]";

    /// <exception cref="ImportException">The command line is wrong.</exception>
    public static ImportOptions Parse(ReadOnlySpan<string> args)
    {
        string? input = null, output = null, folder = null, date = null;
        for (var index = 0; index < args.Length; index++)
        {
            var argument = args[index];
            if (argument is "-o" or "--split" or "--source-date")
            {
                if (++index == args.Length) throw new ImportException($"{argument}: {Usage}");
                if (argument == "-o") output = args[index];
                else if (argument == "--split") folder = args[index];
                else date = args[index];
            }
            else if (input is null && !argument.StartsWith('-')) input = argument;
            else throw new ImportException($"{argument}: {Usage}");
        }
        if (input is null || (output is not null && folder is not null)) throw new ImportException(Usage);
        if (date is not null && !DateOnly.TryParseExact(date, "yyyy-MM-dd", out _)) throw new ImportException($"--source-date: {Usage}");
        return new ImportOptions(input, output, folder, date);
    }
}

/// <summary>The input cannot be imported; the message says why.</summary>
internal sealed class ImportException(string message) : Exception(message);

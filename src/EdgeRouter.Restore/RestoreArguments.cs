using System.Globalization;
using EdgeRouter.Core.Exports;

namespace EdgeRouter.Restore;

/// <summary>The command line.</summary>
/// <param name="Folder">Folder with the exports: one folder per day.</param>
/// <param name="Tables">The tables, as the setting <c>EdgeRouter__Storage</c> names them.</param>
/// <param name="ClientId">Client id of a user-assigned identity; null: the signed-in user.</param>
/// <param name="Options">What to do.</param>
internal sealed record RestoreArguments(string Folder, string Tables, string? ClientId, RestoreOptions Options)
{
    private const string Usage = "expected FOLDER --tables tables:<account URL or connection string>|file:<folder> [--from YYYY-MM-DD] [--through YYYY-MM-DD] "
        + "[--apply] [--overwrite-newer] [--client-id ID]";

    /// <exception cref="FormatException">The command line is wrong.</exception>
    public static RestoreArguments Parse(ReadOnlySpan<string> args)
    {
        string? folder = null, tables = null, clientId = null;
        var options = new RestoreOptions(Apply: false, Overwrite: false, Through: null);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--apply": options = options with { Apply = true }; break;
                case "--overwrite-newer": options = options with { Overwrite = true }; break;
                case "--tables": tables = Value(args, ref i); break;
                case "--client-id": clientId = Value(args, ref i); break;
                case "--from": options = options with { From = Day("--from", Value(args, ref i)) }; break;
                case "--through": options = options with { Through = Day("--through", Value(args, ref i)) }; break;
                case var argument when folder is null && !argument.StartsWith('-'): folder = argument; break;
                default: throw new FormatException($"{args[i]}: {Usage}");
            }
        }
        return folder is not null && tables is not null ? new RestoreArguments(folder, tables, clientId, options) : throw new FormatException(Usage);
    }

    private static string Value(ReadOnlySpan<string> args, ref int index) =>
        ++index < args.Length ? args[index] : throw new FormatException($"{args[index - 1]}: {Usage}");

    private static DateOnly Day(string option, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
            : throw new FormatException($"{option}: {Usage}");
}

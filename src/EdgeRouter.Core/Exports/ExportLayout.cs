using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace EdgeRouter.Core.Exports;

/// <summary>
/// Names of the exported files, and of the rows that say how far an export is.
/// <code>
/// 2026-11-20/records-05-ATTEMPT-0001.jsonl.gz   generation records and roll-ups of endpoints of the day, adjustments of a week, in one of 16 partitions
/// 2026-11-20/totals-05-ATTEMPT-0001.jsonl.gz    what each key used on the days of the month and the week, and in the months before, up to the day
/// 2026-11-20/ledger-ATTEMPT-0001.jsonl.gz       every row of the ledger of the limits in force, when it was exported
/// 2026-11-20/audit-ATTEMPT-0001.jsonl.gz        audit events of the day
/// 2026-11-20/manifest.json                      the files that count, with rows and sums; written last
/// 2026-11-20/manifest-HASH.json                 ... of a day that had a manifest already, which stays as it is
///
/// table exports, partition = day: one row per part, "manifest-begun" when all are done, and "manifest" when the day is
/// </code>
/// </summary>
public static class ExportLayout
{
    /// <summary>Table of the progress.</summary>
    public const string Table = "exports";

    /// <summary>File that completes the export of a day, and row that says that it is there.</summary>
    public const string ManifestName = "manifest.json";

    internal const string DayFormat = "yyyy-MM-dd";
    internal const string ManifestRow = "manifest";
    internal const string ManifestBegunRow = "manifest-begun";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <summary>Name of a day.</summary>
    public static string DayName(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    internal static string ManifestFile(DateOnly day) => $"{DayName(day)}/{ManifestName}";

    /// <summary>A name that no other content has.</summary>
    internal static string OtherManifestFile(DateOnly day, byte[] manifest) =>
        $"{DayName(day)}/manifest-{Convert.ToHexStringLower(SHA256.HashData(manifest).AsSpan(0, 16))}.json";

    internal static string FileName(DateOnly day, string part, string attempt, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{DayName(day)}/{part}-{attempt}-{number:D4}.jsonl.gz");

    /// <summary>Whether it is a day, a slash, and a name of lower-case ASCII letters, digits, hyphens and points, which no point begins.</summary>
    internal static bool IsName(string name) => name.Length > DayFormat.Length + 1 && name[DayFormat.Length] == '/' && name[DayFormat.Length + 1] != '.'
        && DateOnly.TryParseExact(name.AsSpan(0, DayFormat.Length), DayFormat, out _) && !name.AsSpan(DayFormat.Length + 1).ContainsAnyExcept(NameCharacters);
}

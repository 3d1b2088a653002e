namespace EdgeRouter.Core.Storage.Embedded;

/// <summary>Reads a journal back when it is opened, and makes it ready to be appended to.</summary>
internal static class JournalRecovery
{
    /// <summary>
    /// Hands every record to <paramref name="take"/>. A journal with damage, when that is accepted, is copied first. Throws
    /// <see cref="JournalCorruptException"/> when it is not accepted.
    /// </summary>
    public static RecoveryReport Run(JournalFile file, string path, bool acceptCorruption, PayloadReader take, out long lastVersion)
    {
        var reader = new JournalReader(path, file.Handle, acceptCorruption);
        var report = reader.Read(take);
        lastVersion = reader.LastVersion;
        // A copy, not a rename: there must be a journal under its name at every moment.
        if (report.Lost.Count > 0) File.Copy(path, DamagedName(path));
        if (reader.End == 0) file.Start();
        else file.ContinueAt(reader.End, reader.SealedLength);
        return report;
    }

    private static string DamagedName(string path)
    {
        var number = 1;
        while (File.Exists($"{path}.damaged-{number}")) number++;
        return $"{path}.damaged-{number}";
    }
}

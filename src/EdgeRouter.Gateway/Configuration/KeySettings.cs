namespace EdgeRouter.Gateway.Configuration;

/// <summary>
/// The keys that the operator sets. Two of each kind may be valid at once, and both are the same caller with the same budget: to replace a key without an
/// outage, set the next one beside it, move the callers over, and then make it the first.
/// </summary>
/// <param name="Inference">Inference key; null: none set.</param>
/// <param name="InferenceNext">The inference key that replaces it; null: none.</param>
/// <param name="Management">Management key; null: none set.</param>
/// <param name="ManagementNext">The management key that replaces it; null: none.</param>
public sealed record KeySettings(string? Inference, string? InferenceNext, string? Management, string? ManagementNext)
{
    private const int Shortest = 16;
    private const string InferencePath = "Keys:Inference";
    private const string ManagementPath = "Keys:Management";
    private const string Next = "Next";

    internal static KeySettings Read(SettingsReader reader)
    {
        var keys = new KeySettings(
            Read(reader, InferencePath, "bootstrap inference key", "Local: generated, printed once"),
            Read(reader, InferencePath + Next, "a second inference key, valid beside the first while callers change over; same budget and records"),
            Read(reader, ManagementPath, "bootstrap management key", "Local: generated, printed once"),
            Read(reader, ManagementPath + Next, "a second management key, valid beside the first"));
        foreach (var (path, key) in (ReadOnlySpan<(string, string?)>)[(ManagementPath, keys.Management), (ManagementPath + Next, keys.ManagementNext)])
        {
            if (key is null) continue;
            if (key == keys.Inference) reader.Fault(path, "expected another key than EdgeRouter__Keys__Inference");
            else if (key == keys.InferenceNext) reader.Fault(path, "expected another key than EdgeRouter__Keys__InferenceNext");
        }
        return keys;
    }

    private static string? Read(SettingsReader reader, string path, string meaning, string shownDefault = "none")
    {
        var key = reader.Text(path, meaning, shownDefault);
        if (key is not null && (key.Length < Shortest || key.AsSpan().ContainsAnyExceptInRange('!', '~')))
            reader.Fault(path, $"expected at least {Shortest} printable ASCII characters without spaces");
        return key;
    }
}

using System.Text.Json;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.RouterMembers;

/// <summary>The id of a model. One that names a preset is refused.</summary>
internal sealed class ModelIdShape() : RequestShape("expected a non-empty string")
{
    /// <summary>Why a preset is refused, as shown to the caller.</summary>
    public const string NoPresets = "presets are not configured on this router; expected a model id";

    /// <summary>Whether an id names a preset.</summary>
    public static bool NamesPreset(string model) => model.Contains("@preset/", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.String || cursor.TextLength == 0) cursor.Fail(Expected);
        if (cursor.Value.IndexOfAny((byte)'@', (byte)'\\') >= 0 && NamesPreset(cursor.GetString())) cursor.Fail(NoPresets);
    }
}

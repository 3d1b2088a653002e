using System.Text.Json;
using EdgeRouter.Dialects.Validation;

namespace EdgeRouter.Dialects.RouterMembers;

/// <summary>The id of a model. One that names a preset is refused.</summary>
internal sealed class ModelIdShape() : RequestShape("expected a non-empty string")
{
    /// <inheritdoc/>
    public override void Check(ref RequestCursor cursor)
    {
        if (cursor.Token != JsonTokenType.String || cursor.TextLength == 0) cursor.Fail(Expected);
        if (cursor.Value.IndexOfAny((byte)'@', (byte)'\\') >= 0 && cursor.GetString().Contains("@preset/", StringComparison.OrdinalIgnoreCase))
            cursor.Fail("presets are not configured on this router; expected a model id");
    }
}

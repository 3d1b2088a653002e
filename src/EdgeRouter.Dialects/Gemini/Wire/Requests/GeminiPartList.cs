using System.Text.Json;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>
/// The parts written so far, as a list of contents. The wire knows two roles: consecutive turns of one role become one content. A content is opened
/// by its first part, so turns without parts are left out.
/// </summary>
internal sealed class GeminiPartList(Utf8JsonWriter json)
{
    public const string User = "user";
    public const string Model = "model";

    private string? openRole;

    /// <summary>True before the first part.</summary>
    public bool IsEmpty => openRole is null;

    /// <summary>Whether the open content holds a function call.</summary>
    public bool HasCall { get; private set; }

    /// <summary>Opens a part object of the role; <see cref="EndPart"/> closes it.</summary>
    public void BeginPart(string role)
    {
        if (!string.Equals(openRole, role, StringComparison.Ordinal))
        {
            Close();
            json.WriteStartObject();
            json.WriteString("role"u8, role);
            json.WriteStartArray("parts"u8);
            openRole = role;
            HasCall = false;
        }
        json.WriteStartObject();
    }

    public void EndPart(bool isCall = false)
    {
        json.WriteEndObject();
        HasCall |= isCall;
    }

    /// <summary>Ends the open content, if any.</summary>
    public void Close()
    {
        if (openRole is null) return;
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

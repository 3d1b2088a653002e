namespace EdgeRouter.Core.Conversation;

/// <summary>Which member of the object at a <see cref="RequestPlace"/> is meant.</summary>
public enum RequestField : byte
{
    /// <summary>The thing itself.</summary>
    Whole,

    /// <summary>Of a message: who speaks.</summary>
    Role,

    /// <summary>Of a message: the participant's name.</summary>
    Name,

    /// <summary>Of a message: images that the model made.</summary>
    GeneratedImages,

    /// <summary>Of a message: speech that the model made.</summary>
    GeneratedAudio,

    /// <summary>Of a part: of what type it is.</summary>
    Type,

    /// <summary>Of a part with media: all members about them.</summary>
    Media,

    /// <summary>Of a part with media: their URL or data.</summary>
    Source,

    /// <summary>Of a file: its id at the provider.</summary>
    FileId,

    /// <summary>Of audio, spoken or asked for: its format.</summary>
    Format,

    /// <summary>Of an image: how closely it is looked at.</summary>
    Detail,

    /// <summary>Of a tool call: its arguments.</summary>
    Arguments,

    /// <summary>Of a tool result: the id of the call.</summary>
    CallId,

    /// <summary>Of a tool result: whether the tool failed.</summary>
    IsError,

    /// <summary>Of a tool: the schema of its arguments.</summary>
    Schema,

    /// <summary>Of a tool: whether the schema is enforced.</summary>
    Strict,

    /// <summary>Of the answer's format: its description.</summary>
    Description,

    /// <summary>Of the reasoning options: the summary.</summary>
    Summary,

    /// <summary>Of the reasoning options: which earlier reasoning counts.</summary>
    Context,

    /// <summary>Of the reasoning options: the mode.</summary>
    Mode,

    /// <summary>Of the reasoning options: the token budget.</summary>
    Budget,
}

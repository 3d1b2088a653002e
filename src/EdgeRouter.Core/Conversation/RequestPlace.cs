using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Core.Conversation;

/// <summary>Kind of <see cref="RequestPlace"/>.</summary>
public enum RequestPlaceKind : byte
{
    /// <summary>The list of messages.</summary>
    Messages,

    /// <summary>A message, or any.</summary>
    Message,

    /// <summary>A part of a message, or of a tool result in it, or any.</summary>
    Part,

    /// <summary>A tool, or any.</summary>
    Tool,

    /// <summary>A parameter.</summary>
    Parameter,

    /// <summary>An entry of <see cref="ChatRequest.Extensions"/>.</summary>
    Extension,
}

/// <summary>
/// A place in a <see cref="ChatRequest"/>, in terms of the content model. Wires name what they cannot express by it; the caller API that read the
/// request spells it as the caller wrote it.
/// </summary>
public readonly record struct RequestPlace
{
    /// <summary>An index that means any.</summary>
    public const int Any = -1;

    /// <summary>Kind.</summary>
    public RequestPlaceKind Kind { get; private init; }

    /// <summary>Which member of it is meant.</summary>
    public RequestField Field { get; init; }

    /// <summary>Index of the message in <see cref="ChatRequest.Messages"/>, or of the tool in <see cref="ChatRequest.Tools"/>; or <see cref="Any"/>.</summary>
    public int Index { get; private init; }

    /// <summary>Index of the part in <see cref="ChatMessage.Content"/>, or <see cref="Any"/>.</summary>
    public int Part { get; private init; }

    /// <summary>Index of the part in <see cref="ToolResultPart.Content"/>; null: not inside a tool result.</summary>
    public int? Inner { get; private init; }

    /// <summary>The parameter, of that kind.</summary>
    public RequestParameters Parameter { get; private init; }

    /// <summary>Name of the extension; or below a parameter of the member meant; null: none.</summary>
    public string? Name { get; private init; }

    /// <summary>The messages.</summary>
    public static RequestPlace Messages => default;

    /// <summary>A message.</summary>
    public static RequestPlace OfMessage(int message, RequestField field = RequestField.Whole) =>
        new() { Kind = RequestPlaceKind.Message, Index = message, Part = Any, Field = field };

    /// <summary>A part of a message.</summary>
    public static RequestPlace OfPart(int message, int part, RequestField field = RequestField.Whole) =>
        new() { Kind = RequestPlaceKind.Part, Index = message, Part = part, Field = field };

    /// <summary>Some part of some message.</summary>
    public static RequestPlace OfAnyPart(RequestField field) => OfPart(Any, Any, field);

    /// <summary>A tool.</summary>
    public static RequestPlace OfTool(int tool, RequestField field) => new() { Kind = RequestPlaceKind.Tool, Index = tool, Part = Any, Field = field };

    /// <summary>A parameter, or a member of it.</summary>
    /// <param name="parameter">One bit.</param>
    /// <param name="field">Which member of it is meant.</param>
    /// <param name="name">Name of the member meant, where the parameter is an object that the model does not divide.</param>
    public static RequestPlace OfParameter(RequestParameters parameter, RequestField field = RequestField.Whole, string? name = null) =>
        new() { Kind = RequestPlaceKind.Parameter, Parameter = parameter, Field = field, Name = name };

    /// <summary>An extension of the request.</summary>
    public static RequestPlace OfExtension(string name) => new() { Kind = RequestPlaceKind.Extension, Name = name };

    /// <summary>A part inside the tool result that this place is.</summary>
    public RequestPlace InResult(int part) => this with { Inner = part };

    /// <summary>A parameter is named by its bit.</summary>
    public static implicit operator RequestPlace(RequestParameters parameter) => OfParameter(parameter);
}

using System.Text.Json;

namespace EdgeRouter.ClientTests.Providers;

/// <summary>An object of a request as strict providers read it: members of the right type, no others. Every fault names the member's path.</summary>
internal readonly struct StrictObject
{
    private readonly JsonElement element;
    private readonly string path;

    public StrictObject(JsonElement element, string path)
    {
        this.element = element.ValueKind == JsonValueKind.Object ? element : throw new RejectedRequest(RequestFault.WrongType, path, "an object");
        this.path = path;
    }

    public JsonElement Element => element;

    public string PathOf(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>Refuses members of other names.</summary>
    public void Allow(params ReadOnlySpan<string> names)
    {
        foreach (var member in element.EnumerateObject())
            if (!names.Contains(member.Name)) throw new RejectedRequest(RequestFault.UnknownMember, PathOf(member.Name), "no such member");
    }

    public bool Has(string name) => element.TryGetProperty(name, out _);

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name)
    {
        if (!element.TryGetProperty(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a string");
    }

    /// <summary>A string out of a closed set.</summary>
    public string? OneOf(string name, params ReadOnlySpan<string> values)
    {
        if (OptionalText(name) is not { } text) return null;
        return values.Contains(text) ? text : throw RejectedRequest.Invalid(PathOf(name), $"one of {string.Join(", ", values.ToArray())}");
    }

    public bool? Flag(string name)
    {
        if (!element.TryGetProperty(name, out var value)) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, "a boolean");
    }

    public int? Integer(string name, int least, int most = int.MaxValue)
    {
        if (!element.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number)) throw Wrong(name, "an integer");
        return number >= least && number <= most ? number : throw RejectedRequest.Invalid(PathOf(name), $"a number from {least} to {most}");
    }

    public double? Number(string name, double least, double most)
    {
        if (!element.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Number) throw Wrong(name, "a number");
        var number = value.GetDouble();
        return number >= least && number <= most ? number : throw RejectedRequest.Invalid(PathOf(name), $"a number from {least} to {most}");
    }

    public StrictObject? Object(string name) => element.TryGetProperty(name, out var value) ? new StrictObject(value, PathOf(name)) : null;

    public StrictObject RequiredObject(string name) => Object(name) ?? throw Missing(name);

    /// <summary>The objects in an array; none when the member is missing.</summary>
    public IReadOnlyList<StrictObject> Objects(string name)
    {
        if (!element.TryGetProperty(name, out var value)) return [];
        if (value.ValueKind != JsonValueKind.Array) throw Wrong(name, "an array");
        var own = PathOf(name);
        return [.. value.EnumerateArray().Select((item, index) => new StrictObject(item, $"{own}[{index}]"))];
    }

    public IReadOnlyList<StrictObject> RequiredObjects(string name)
    {
        if (!Has(name)) throw Missing(name);
        return Objects(name) is { Count: > 0 } objects ? objects : throw RejectedRequest.Invalid(PathOf(name), "at least one element");
    }

    public RejectedRequest Missing(string name) => new(RequestFault.MissingMember, PathOf(name), "required");

    private RejectedRequest Wrong(string name, string expected) => new(RequestFault.WrongType, PathOf(name), expected);
}

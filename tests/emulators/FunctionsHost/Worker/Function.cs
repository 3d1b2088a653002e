using System.Text.Json;

namespace EdgeRouter.Emulators.FunctionsHost.Worker;

/// <summary>A function that the worker has, and its trigger.</summary>
internal sealed class Function
{
    public Function(RpcFunctionMetadata metadata)
    {
        Metadata = metadata;
        Trigger = metadata.RawBindings.Select(Parse)
            .First(static binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal));
    }

    public RpcFunctionMetadata Metadata { get; }

    public string Name => Metadata.Name;

    /// <summary>Such as <c>httpTrigger</c>.</summary>
    public string TriggerType => Trigger.GetProperty("type").GetString()!;

    /// <summary>Name of the parameter that has the trigger attribute.</summary>
    public string Parameter => Trigger.GetProperty("name").GetString()!;

    public JsonElement Trigger { get; }

    /// <summary>A member of the trigger's binding, whatever the case of its first letter.</summary>
    public JsonElement? Member(string name)
    {
        foreach (var member in Trigger.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        return null;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

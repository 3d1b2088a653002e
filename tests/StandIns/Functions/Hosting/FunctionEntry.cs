using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace EdgeRouter.StandIns.Functions;

/// <summary>A function: its method, and the trigger among its parameters.</summary>
internal sealed record FunctionEntry(string Name, MethodInfo Method, ParameterInfo TriggerParameter, TriggerBindingAttribute Trigger)
{
    /// <summary>Functions of an assembly. As for the real host, class and method must be public, and a name occurs once.</summary>
    public static IReadOnlyList<FunctionEntry> Find(Assembly assembly)
    {
        var found = assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null).Select(Of).ToArray();
        if (found.DistinctBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Count() != found.Length)
            throw new InvalidOperationException("Two functions have one name.");
        return found;
    }

    private static FunctionEntry Of(MethodInfo method)
    {
        var name = method.GetCustomAttribute<FunctionAttribute>()!.Name;
        var trigger = method.GetParameters().Single(parameter => parameter.GetCustomAttribute<TriggerBindingAttribute>() is not null);
        return new FunctionEntry(name, method, trigger, trigger.GetCustomAttribute<TriggerBindingAttribute>()!);
    }
}

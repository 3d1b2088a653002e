using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace EdgeRouter.ArchitectureTests;

/// <summary>The string and UTF-8 constants of the compiled code of a project.</summary>
internal static class CodeConstants
{
    public static IEnumerable<(string Type, string Text)> Of(string project)
    {
        var source = SourceProject.All.Single(candidate => candidate.Name == project);
        using var module = ModuleDefinition.ReadModule(Path.Combine(source.AssemblyFolder, project + ".dll"));
        foreach (var type in module.GetTypes())
        {
            foreach (var method in type.Methods.Where(method => method.HasBody && method.Name != "PrintMembers"))
                foreach (var instruction in method.Body.Instructions)
                    if (TextOf(instruction) is { } text) yield return (type.FullName, text);
        }
    }

    /// <summary>A string, or a UTF-8 constant, which the compiler keeps as the initial bytes of a field.</summary>
    private static string? TextOf(Instruction instruction) => instruction.Operand switch
    {
        string text => text,
        FieldDefinition { InitialValue: { Length: > 0 } bytes } when bytes.All(value => value is 0 or (byte)'\r' or (byte)'\n' or (>= 32 and < 127)) =>
            Encoding.UTF8.GetString(bytes),
        _ => null,
    };
}

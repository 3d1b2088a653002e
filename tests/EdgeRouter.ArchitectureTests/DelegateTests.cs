using System.Reflection;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>What a class needs of others has a name: public constructors take no delegates.</summary>
public sealed class DelegateTests
{
    /// <summary>Constructors that take one, and why.</summary>
    private static readonly (string Type, string Reason)[] Permitted =
    [
        ("EdgeRouter.Core.Conversation.ResponseAssembler", "a wire's rule for joining members that it alone knows: a function of values"),
    ];

    [Theory]
    [InlineData("EdgeRouter.Core")]
    [InlineData("EdgeRouter.Dialects")]
    [InlineData("EdgeRouter.Upstreams")]
    [InlineData("EdgeRouter.Gateway")]
    [InlineData("EdgeRouter.EmbeddedStore")]
    public void Public_constructors_take_no_func_and_no_action(string project)
    {
        var source = SourceProject.All.Single(candidate => candidate.Name == project);
        var assembly = Assembly.LoadFrom(Path.Combine(source.AssemblyFolder, project + ".dll"));
        var types = assembly.GetTypes().Where(type => type.IsPublic && !typeof(Delegate).IsAssignableFrom(type)).ToList();
        Assert.NotEmpty(types);

        var taken = types.SelectMany(type => type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => parameter.ParameterType.Name.StartsWith("Func`", StringComparison.Ordinal)
                || parameter.ParameterType.Name.StartsWith("Action", StringComparison.Ordinal))
            .Select(parameter => (Type: type.FullName!, parameter.Name)));
        Assert.DoesNotContain(taken, one => !Permitted.Any(permitted => permitted.Type == one.Type));
    }
}

using System.Reflection;
using EdgeRouter.Core.Routing.Operations;
using EdgeRouter.Dialects.Callers;
using EdgeRouter.Dialects.Framing;
using EdgeRouter.Dialects.Wires;
using EdgeRouter.TestSupport;
using Xunit;

namespace EdgeRouter.ArchitectureTests;

/// <summary>docs/extending.md names whatever a stranger has to implement, and no member that does not exist.</summary>
public sealed class ExtendingTests
{
    public static TheoryData<Type, string> Seams => new()
    {
        { typeof(ICallerApi), "## A caller API" },
        { typeof(IProviderWire), "## A wire" },
        { typeof(IConversationWire), "## A wire" },
        { typeof(Operation), "## An operation" },
    };

    [Theory, MemberData(nameof(Seams))]
    public void Every_member_of_a_seam_is_explained(Type seam, string heading)
    {
        var section = SectionOf(heading);
        var members = seam.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(member => member switch
            {
                PropertyInfo property => property.GetMethod!.IsVirtual,
                MethodInfo method => method is { IsVirtual: true, IsSpecialName: false } && method.Name != nameof(ToString),
                _ => false,
            })
            .Select(member => member.Name).Distinct().ToList();
        Assert.NotEmpty(members);

        Assert.DoesNotContain(members, member => !section.Contains($"`{member}`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("## A caller API", typeof(ICallerApi))]
    [InlineData("## A wire", typeof(IConversationWire))]
    [InlineData("## An operation", typeof(Operation))]
    public void Tables_name_no_member_that_does_not_exist(string heading, Type seam)
    {
        var known = seam.GetMembers().Concat(seam.GetInterfaces().SelectMany(parent => parent.GetMembers())).Select(member => member.Name).ToHashSet();
        var named = SectionOf(heading).Split('\n').Select(line => line.TrimStart()).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',')).Select(cell => cell.Trim().Trim('`')).ToList();
        Assert.NotEmpty(named);

        Assert.DoesNotContain(named, member => !known.Contains(member));
    }

    [Fact]
    public void Another_framing_is_explained() => Assert.Contains($"`{nameof(IStreamFraming)}`", SectionOf("## A wire"), StringComparison.Ordinal);

    private static string SectionOf(string heading)
    {
        var text = File.ReadAllText(RepositoryRoot.Of("docs", "extending.md"));
        var start = text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"no section {heading}");
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }
}

using System.Text.RegularExpressions;
using ArchUnitNET.xUnitV3;
using EdgeRouter.TestSupport;
using Xunit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace EdgeRouter.ArchitectureTests;

/// <summary>The gateway serves any API over any wire, and calls a provider only through an attempt that money was set aside for.</summary>
public sealed class GatewaySeamTests
{
    /// <summary>The class that registers caller APIs and wires: one line each.</summary>
    private const string Registration = "EdgeRouter.Gateway.GatewayFormats";

    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>Folders of Dialects that are not a format: any part of the gateway may use them.</summary>
    private static readonly string[] NeutralFolders =
        ["Callers", "Exchanges", "Canonical", "Wires", "Framing", "Answers", "Errors", "Json", "Sse", "Validation", "RouterMembers"];

    [Fact]
    public void Only_the_registration_names_a_wire_format()
    {
        var formats = Code.TypesOf("EdgeRouter.Dialects").Select(Code.FolderOf).Distinct().Except(NeutralFolders).ToList();
        Assert.Contains("OpenAIChat", formats);

        foreach (var format in formats)
        {
            Gateway().And().DoNotHaveFullName(Registration).Should()
                .NotDependOnAny(Types().That().ResideInNamespaceMatching($@"^EdgeRouter\.Dialects\.{format}(\.|$)"))
                .WithoutRequiringPositiveResults().Check(Code.Architecture);
        }
    }

    [Theory]
    [InlineData("EdgeRouter.Gateway", @"^EdgeRouter\.Gateway\.Management\.")]
    [InlineData("EdgeRouter.Upstreams", @"^EdgeRouter\.Upstreams\.(Scripted|Media)\.")]
    public void Only_caller_apis_and_exchanges_say_media_types(string project, string exceptions)
    {
        var named = CodeConstants.Of(project)
            .Where(constant => Regex.IsMatch(constant.Text, "^(application|text|audio|multipart)/", RegexOptions.ExplicitCapture, OneSecond)).ToList();

        // The exceptions: the router's own routes; a provider inside the process, and what may be fetched for callers.
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, constant => !Regex.IsMatch(constant.Type, exceptions, RegexOptions.ExplicitCapture, OneSecond));
    }

    [Fact]
    public void Gateway_and_upstreams_know_no_framing_of_streams() =>
        Types().That().ResideInNamespaceMatching(@"^EdgeRouter\.(Gateway|Upstreams)(\.|$)")
            .And().DoNotResideInNamespaceMatching(@"^EdgeRouter\.Upstreams\.Scripted$").Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^EdgeRouter\.Dialects\.Sse$")).Check(Code.Architecture);

    [Fact]
    public void Core_reads_and_writes_no_json_but_its_own() =>
        // Its own: catalog files, records in the store and in exports. A conversation holds members that no wire of ours knows, as they came.
        Types().That().ResideInNamespaceMatching(@"^EdgeRouter\.Core(\.|$)")
            .And().DoNotResideInNamespaceMatching(@"^EdgeRouter\.Core\.(Catalog|Usage|Conversation|Exports)(\.|$)").Should()
            .NotDependOnAny(Types(true).That().ResideInNamespaceMatching(@"^System\.Text\.Json(\.|$)")).Check(Code.Architecture);

    [Fact]
    public void The_gateway_never_sees_a_conversation() =>
        Gateway().Should().NotDependOnAny(Types().That().HaveFullNameMatching(@"^EdgeRouter\.Core\.Conversation\.Chat")).Check(Code.Architecture);

    [Fact]
    public void Providers_are_called_by_attempts_only() =>
        Gateway().And().DoNotResideInNamespaceMatching(@"^EdgeRouter\.Gateway(\.Attempts)?$").Should()
            .NotDependOnAny(Types().That().HaveFullNameMatching(@"^EdgeRouter\.Upstreams\.(Http\.UpstreamClient|Scripted\.)"))
            .Check(Code.Architecture);

    [Fact]
    public void Attempts_are_sent_by_failover_only() =>
        Gateway().And().DoNotHaveNameMatching("^(AttemptSender|Failover|GatewayServices)$").Should()
            .NotDependOnAny(Types().That().HaveName("AttemptSender")).Check(Code.Architecture);

    [Fact]
    public void An_attempt_is_covered_by_the_budget_before_it_is_sent()
    {
        var failover = File.ReadAllText(RepositoryRoot.Of("src", "EdgeRouter.Gateway", "Forwarding", "Failover.cs"));

        Assert.Equal(2, failover.Split("sender.SendAsync(").Length);
        Assert.Equal(2, failover.Split("await SendAsync(").Length);
        var covered = failover.IndexOf("if (await IsCoveredAsync(", StringComparison.Ordinal);
        Assert.InRange(covered, 1, failover.IndexOf("await SendAsync(", StringComparison.Ordinal));
    }

    private static ArchUnitNET.Fluent.Syntax.Elements.Types.GivenTypesConjunction Gateway() =>
        Types().That().ResideInNamespaceMatching(@"^EdgeRouter\.Gateway(\.|$)");
}

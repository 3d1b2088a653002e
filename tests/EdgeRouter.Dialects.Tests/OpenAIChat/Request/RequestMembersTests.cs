using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Completions.Requests;
using EdgeRouter.Dialects.OpenAIChat.Requests;
using EdgeRouter.Dialects.RouterMembers;
using EdgeRouter.Dialects.Validation;
using Xunit;

namespace EdgeRouter.Dialects.Tests.OpenAIChat.Request;

/// <summary>What holds for every row of the table.</summary>
public sealed class RequestMembersTests
{
    private static readonly IReadOnlyList<OpenAIChatMember> Rows = OpenAIChatRequestMembers.Table.Members;

    [Fact]
    public void A_member_for_a_provider_reaches_it_on_both_paths() => Assert.All(Rows.Where(row => row.Audience == MemberAudience.Provider), row =>
    {
        Assert.True(row.IsCopied, row.Name);
        // Without a writer of its own it is an extension, or is written under another name.
        Assert.True(row.IsExtension || (row.Read is not null && (row.Write is not null || row.SentAs is not null)), row.Name);
    });

    [Fact]
    public void A_member_for_the_router_reaches_no_provider() => Assert.All(Rows.Where(row => row.Audience == MemberAudience.Router), row =>
        Assert.True(!row.IsCopied && !row.IsExtension && row.Read is null && row.Write is null && row.Restate is null, row.Name));

    [Fact]
    public void A_member_that_the_router_says_in_its_own_words_is_written_in_one_way_only() =>
        Assert.All(Rows.Where(row => row.Restate is not null), row =>
            Assert.True(row.Audience == MemberAudience.Both && !row.IsCopied && !row.IsExtension && row.Write is null, row.Name));

    [Fact]
    public void A_completion_takes_the_declarations_of_chat_for_all_but_its_own_members()
    {
        var own = CompletionMembers.Table.Members.Where(row => !ReferenceEquals(row, OpenAIChatRequestMembers.Table.Find(row.Name))).Select(row => row.Name);

        Assert.Equal(["prompt", "suffix", "echo", "best_of", "logprobs", "messages", "tools", "tool_choice", "parallel_tool_calls", "modalities", "audio"],
            own);
    }

    [Fact]
    public void Every_parameter_that_an_endpoint_can_list_has_a_member()
    {
        Assert.Equal(RequestParameterNames.ByName.Keys.Order(StringComparer.Ordinal),
            RequestParameterNames.ByName.Keys.Where(name => OpenAIChatRequestMembers.Table.Find(name).IsKnown).Order(StringComparer.Ordinal));
        Assert.All(Rows, row => Assert.Equal(row.Audience == MemberAudience.Provider
            ? RequestParameterNames.ByName.GetValueOrDefault(row.Name, RequestParameters.Unknown)
            : RequestParameterNames.ByName.GetValueOrDefault(row.Name), row.Parameter));
    }

    [Fact]
    public void The_routers_own_members_are_taken_as_they_are() => Assert.All(RouterRequestMembers.ForRouterOnly, shared =>
        Assert.Same(shared.Shape, OpenAIChatRequestMembers.Table.Find(shared.Name).Shape));

    [Fact]
    public void A_member_yields_to_one_that_the_table_has() => Assert.All(Rows.Where(row => row.YieldsTo is not null), row =>
        Assert.True(OpenAIChatRequestMembers.Table.Find(row.YieldsTo!).IsKnown, row.Name));
}

using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>A body that is being written for a provider.</summary>
/// <param name="Json">The writer, inside of the body's object.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Dropped">Receives the names of parameters that the endpoint does not take, each once.</param>
internal readonly record struct OpenAIChatProviderBody(Utf8JsonWriter Json, WireTarget Target, ICollection<string> Dropped)
{
    /// <summary>Begins a member if the endpoint takes its parameter; else notes it as dropped.</summary>
    public bool Begin(OpenAIChatMember member) => Begin(member, member.Parameter);

    /// <summary>Begins a member if the endpoint takes that parameter; else notes it as dropped.</summary>
    public bool Begin(OpenAIChatMember member, RequestParameters parameter)
    {
        if (!Target.Takes(parameter, member.Name, Dropped)) return false;
        Json.WritePropertyName(Target.NameOf(member.Name));
        return true;
    }
}

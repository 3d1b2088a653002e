using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeRouter.Core.Catalog;
using EdgeRouter.Dialects.OpenAIChat.Requests.Writing;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.OpenAIChat.Requests;

/// <summary>
/// Writes members of a provider's body as bytes, each after another one. The splicer writes the whole body with it, the writer the members that the
/// router restates in its own words.
/// </summary>
/// <param name="target">Where the request goes.</param>
/// <param name="carried">Parameters that the wire has a place for.</param>
/// <param name="output">Receives the bytes.</param>
/// <param name="dropped">Receives the names of parameters that the endpoint does not take, each once.</param>
internal readonly struct OpenAIChatMemberOutput(WireTarget target, RequestParameters carried, IBufferWriter<byte> output, ICollection<string> dropped)
{
    /// <summary>Carried by a wire that has a place for every parameter.</summary>
    public const RequestParameters Everything = (RequestParameters)ulong.MaxValue;

    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/@~+");

    /// <summary>Where the request goes.</summary>
    public WireTarget Target => target;

    /// <summary>Receives the bytes.</summary>
    public IBufferWriter<byte> Output => output;

    /// <summary>Receives the names of parameters that the endpoint does not take.</summary>
    public ICollection<string> Dropped => dropped;

    /// <summary>Whether the wire has a place for a parameter.</summary>
    public bool Carries(RequestParameters parameter) => (parameter & ~carried) == 0;

    /// <summary>Writes the members that the router restates, in the order of the rows.</summary>
    public void WriteRestated(IReadOnlyList<OpenAIChatMember> members, in OpenAIChatRestatedValues values)
    {
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (member.Restate is { } restate && Carries(member.Parameter)) restate(member, values, this);
        }
    }

    /// <summary>Begins a member under the provider's name for it if the endpoint takes its parameter; else notes it as dropped.</summary>
    public bool Begin(RequestParameters parameter, string name)
    {
        if (!target.Takes(parameter, name, dropped)) return false;
        WriteName(target.NameOf(name));
        return true;
    }

    /// <summary>Writes a name as it is.</summary>
    public void WriteName(string name)
    {
        output.Write(","u8);
        WriteString(name);
        output.Write(":"u8);
    }

    /// <summary>Writes a JSON string.</summary>
    public void WriteString(string text)
    {
        output.Write("\""u8);
        if (text.AsSpan().ContainsAnyExcept(PlainCharacters))
            output.Write(JsonEncodedText.Encode(text, OpenAIChatRequestWriter.JsonOptions.Encoder).EncodedUtf8Bytes);
        else output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
        output.Write("\""u8);
    }

    /// <summary>Writes the hash of an end user's id as a JSON string.</summary>
    public void WriteHash(string user)
    {
        Span<byte> hashed = stackalloc byte[OpenAIChatRequestTarget.HashedUserLength];
        OpenAIChatRequestTarget.HashUser(user, hashed);
        output.Write("\""u8);
        output.Write(hashed);
        output.Write("\""u8);
    }
}

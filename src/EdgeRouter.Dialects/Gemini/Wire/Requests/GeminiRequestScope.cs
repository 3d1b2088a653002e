using EdgeRouter.Core.Catalog;
using EdgeRouter.Core.Conversation;
using EdgeRouter.Core.Errors;
using EdgeRouter.Dialects.Wires;

namespace EdgeRouter.Dialects.Gemini.Wire.Requests;

/// <summary>Decides which parameters of one request are sent, notes those that are not, once each, and refuses what cannot be expressed.</summary>
internal readonly struct GeminiRequestScope(ChatRequest request, WireTarget target, ICollection<string> dropped)
{
    /// <summary>True when the endpoint takes the parameter; otherwise it is noted as dropped.</summary>
    public bool Takes(RequestParameters parameter)
    {
        if (target.Accepts(parameter)) return true;
        Drop(parameter);
        return false;
    }

    /// <summary>Notes something that is not sent.</summary>
    public void Drop(RequestPlace place) => target.Drop(place, dropped);

    /// <summary>Notes something that the wire has no place for, if the caller gave it.</summary>
    public void DropIf(bool given, RequestPlace place)
    {
        if (given) Drop(place);
    }

    /// <summary>The service tier to send; null: none.</summary>
    public string? TierFor(string? asked) => target.TierFor(asked, dropped);

    /// <summary>A 400 about something that cannot be expressed.</summary>
    public RouterException Refuse(RequestPlace place, string expected) => target.Refuse(request, place, expected);
}

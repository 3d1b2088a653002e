using EdgeRouter.Core.Catalog;

namespace EdgeRouter.Dialects.Gemini.Wire;

/// <summary>Decides which parameters of one request go out, and notes by name, once each, those that do not.</summary>
internal readonly struct GeminiParameterGate(WireTarget target, ICollection<string> dropped)
{
    /// <summary>True when the endpoint takes the parameter; otherwise it is noted as dropped.</summary>
    public bool Takes(RequestParameters parameter, string name)
    {
        if (target.Accepts(parameter)) return true;
        Drop(name);
        return false;
    }

    /// <summary>Notes a parameter that is not sent.</summary>
    public void Drop(string name)
    {
        if (!dropped.Contains(name)) dropped.Add(name);
    }

    /// <summary>Notes a parameter that the wire has no place for, when the caller gave it.</summary>
    public void DropIf(bool given, string name)
    {
        if (given) Drop(name);
    }
}

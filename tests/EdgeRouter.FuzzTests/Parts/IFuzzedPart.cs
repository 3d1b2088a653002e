namespace EdgeRouter.FuzzTests.Parts;

/// <summary>A part of the router that needs no socket. Stateless.</summary>
internal interface IFuzzedPart
{
    /// <summary>Folder of its corpus.</summary>
    string Kind { get; }

    /// <summary>Caller API or wire whose bytes it reads: the second folder of its corpus.</summary>
    string Format { get; }

    /// <summary>Valid bytes beside those of the corpus; null: there are none.</summary>
    byte[]? Draw(Random random) => null;

    /// <summary>Throws when the part does not treat the bytes as it must.</summary>
    void Check(PartInput input);
}

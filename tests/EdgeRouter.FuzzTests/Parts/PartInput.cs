using System.Globalization;
using EdgeRouter.FuzzTests.Inputs;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>Bytes for a part of the router.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="Split">How they are split on the way, see <see cref="Bytes.Split"/>.</param>
internal sealed record PartInput(byte[] Content, int Split)
{
    /// <summary>Splits in which a file of the corpus is replayed: whole, byte by byte, and some others.</summary>
    public const int ReplayedSplits = 6;

    public IEnumerable<PartInput> Smaller()
    {
        if (Split > 1) yield return this with { Split = 1 };
        foreach (var content in Bytes.Smaller(Content)) yield return this with { Content = content };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes.Show(Content)} (split {Split})");
}

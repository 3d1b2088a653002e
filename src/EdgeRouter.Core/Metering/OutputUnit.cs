namespace EdgeRouter.Core.Metering;

/// <summary>What the output of an operation is counted in.</summary>
public enum OutputUnit
{
    /// <summary>Nothing: the answer has no length, as an embedding has none.</summary>
    None,

    /// <summary>Tokens, reasoning included.</summary>
    Tokens,

    /// <summary>Images.</summary>
    Images,

    /// <summary>Seconds of sound or video.</summary>
    Seconds,

    /// <summary>Characters of text.</summary>
    Characters,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>An amount of output.</summary>
/// <param name="Value">How much; 0: not known.</param>
/// <param name="Unit">Of what.</param>
public readonly record struct OutputAmount(double Value, OutputUnit Unit);

/// <summary>Names of units, for people and for figures.</summary>
public static class OutputUnits
{
    /// <summary>Number of units, <see cref="OutputUnit.None"/> included.</summary>
    internal const int Count = (int)OutputUnit.Bytes + 1;

    /// <summary>The plural; of <see cref="OutputUnit.None"/>: outputs.</summary>
    public static string NameOf(OutputUnit unit) => unit switch
    {
        OutputUnit.None => "outputs",
        OutputUnit.Tokens => "tokens",
        OutputUnit.Images => "images",
        OutputUnit.Seconds => "seconds",
        OutputUnit.Characters => "characters",
        OutputUnit.Bytes => "bytes",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    /// <summary>Name of a throughput: <c>tokens_per_second</c>.</summary>
    public static string NameOfThroughput(OutputUnit unit) => unit switch
    {
        OutputUnit.None => "outputs_per_second",
        OutputUnit.Tokens => "tokens_per_second",
        OutputUnit.Images => "images_per_second",
        OutputUnit.Seconds => "seconds_per_second",
        OutputUnit.Characters => "characters_per_second",
        OutputUnit.Bytes => "bytes_per_second",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };
}

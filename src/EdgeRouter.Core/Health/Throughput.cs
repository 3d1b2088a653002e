using EdgeRouter.Core.Metering;

namespace EdgeRouter.Core.Health;

/// <summary>Median output a second of an endpoint, for each unit of output; NaN: no sample.</summary>
/// <param name="Tokens">Tokens a second.</param>
/// <param name="Images">Images a second.</param>
/// <param name="Seconds">Seconds of sound or video a second.</param>
/// <param name="Characters">Characters a second.</param>
/// <param name="Bytes">Bytes a second.</param>
public readonly record struct Throughput(double Tokens, double Images, double Seconds, double Characters, double Bytes)
{
    /// <summary>Nothing was measured.</summary>
    public static readonly Throughput Unknown = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The throughput in a unit; NaN: no sample, or the unit is <see cref="OutputUnit.None"/>.</summary>
    public double Of(OutputUnit unit) => unit switch
    {
        OutputUnit.Tokens => Tokens,
        OutputUnit.Images => Images,
        OutputUnit.Seconds => Seconds,
        OutputUnit.Characters => Characters,
        OutputUnit.Bytes => Bytes,
        _ => double.NaN,
    };
}

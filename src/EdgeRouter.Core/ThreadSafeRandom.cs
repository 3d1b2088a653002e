namespace EdgeRouter.Core;

/// <summary>
/// The production source of randomness: thread-safe and unseeded. Everything that draws takes a <see cref="Random"/>; tests give a seeded one.
/// </summary>
public sealed class ThreadSafeRandom : Random
{
    /// <summary>The one instance.</summary>
    public static readonly ThreadSafeRandom Instance = new();

#pragma warning disable RS0030 // the only use: everything else receives this object
    private static readonly Random Source = Shared;
#pragma warning restore RS0030

    private ThreadSafeRandom() { }

    /// <inheritdoc/>
    public override int Next() => Source.Next();

    /// <inheritdoc/>
    public override int Next(int maxValue) => Source.Next(maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => Source.Next(minValue, maxValue);

    /// <inheritdoc/>
    public override long NextInt64() => Source.NextInt64();

    /// <inheritdoc/>
    public override long NextInt64(long maxValue) => Source.NextInt64(maxValue);

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue) => Source.NextInt64(minValue, maxValue);

    /// <inheritdoc/>
    public override double NextDouble() => Source.NextDouble();

    /// <inheritdoc/>
    public override float NextSingle() => Source.NextSingle();

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => Source.NextBytes(buffer);

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer) => Source.NextBytes(buffer);
}

using System.Globalization;

namespace EdgeRouter.Core.Metering;

/// <summary>An amount of money: a whole number of billionths of a US dollar. Addition throws on overflow. Largest: about 9.2 billion dollars.</summary>
public readonly record struct NanoDollars(long Value) : IComparable<NanoDollars>
{
    /// <summary>Nothing.</summary>
    public static readonly NanoDollars Zero;

    /// <summary>Rounds half away from zero to a whole nano-dollar.</summary>
    public static NanoDollars FromDollars(decimal dollars) => new(decimal.ToInt64(decimal.Round(dollars * 1_000_000_000m, 0, MidpointRounding.AwayFromZero)));

    /// <summary>The exact amount in dollars.</summary>
    public decimal ToDollars() => Value / 1_000_000_000m;

    /// <inheritdoc/>
    public int CompareTo(NanoDollars other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => ToDollars().ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>Sum.</summary>
    public static NanoDollars operator +(NanoDollars left, NanoDollars right) => new(checked(left.Value + right.Value));

    /// <summary>Difference.</summary>
    public static NanoDollars operator -(NanoDollars left, NanoDollars right) => new(checked(left.Value - right.Value));

    /// <summary>The sum, or the largest amount of its sign where it would be larger.</summary>
    public static NanoDollars SumOrMax(NanoDollars left, NanoDollars right) =>
        new((long)Int128.Clamp((Int128)left.Value + right.Value, long.MinValue, long.MaxValue));

    /// <summary>Order.</summary>
    public static bool operator <(NanoDollars left, NanoDollars right) => left.Value < right.Value;

    /// <summary>Order.</summary>
    public static bool operator >(NanoDollars left, NanoDollars right) => left.Value > right.Value;

    /// <summary>Order.</summary>
    public static bool operator <=(NanoDollars left, NanoDollars right) => left.Value <= right.Value;

    /// <summary>Order.</summary>
    public static bool operator >=(NanoDollars left, NanoDollars right) => left.Value >= right.Value;
}

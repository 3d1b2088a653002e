namespace EdgeRouter.Core.Storage;

/// <summary>Values as objects for <see cref="RowProperties"/>; the common ones are made once. Thread-safe.</summary>
public static class Boxed
{
    private static readonly object True = true;
    private static readonly object False = false;
    // Up to the largest HTTP status.
    private static readonly object[] Ints = [.. Enumerable.Range(0, 600).Select(static number => (object)number)];
    private static readonly object[] Longs = [.. Enumerable.Range(0, 600).Select(static number => (object)(long)number)];

    /// <summary>The value as an object.</summary>
    public static object Of(bool value) => value ? True : False;

    /// <inheritdoc cref="Of(bool)"/>
    public static object Of(int value) => (uint)value < (uint)Ints.Length ? Ints[value] : value;

    /// <inheritdoc cref="Of(bool)"/>
    public static object Of(long value) => (ulong)value < (ulong)Longs.Length ? Longs[value] : value;
}

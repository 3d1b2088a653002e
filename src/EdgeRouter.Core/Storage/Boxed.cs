namespace EdgeRouter.Core.Storage;

/// <summary>Values as objects, the common ones made once.</summary>
internal static class Boxed
{
    private static readonly object True = true;
    private static readonly object False = false;
    // Up to the largest HTTP status.
    private static readonly object[] Ints = [.. Enumerable.Range(0, 600).Select(static number => (object)number)];
    private static readonly object[] Longs = [.. Enumerable.Range(0, 600).Select(static number => (object)(long)number)];

    public static object Of(bool value) => value ? True : False;

    public static object Of(int value) => (uint)value < (uint)Ints.Length ? Ints[value] : value;

    public static object Of(long value) => (ulong)value < (ulong)Longs.Length ? Longs[value] : value;
}

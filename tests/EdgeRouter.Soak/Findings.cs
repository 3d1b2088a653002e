namespace EdgeRouter.Soak;

/// <summary>Prints what holds and what does not. Thread-safe for no one.</summary>
internal sealed class Findings
{
    public bool AllHold { get; private set; } = true;

    /// <summary>Two numbers that must be equal.</summary>
    public void Equal<T>(string what, T expected, T actual) => Holds(EqualityComparer<T>.Default.Equals(expected, actual), $"{what}: {expected} = {actual}");

    /// <summary>Something that must hold.</summary>
    public void Holds(bool condition, string what)
    {
        Console.WriteLine((condition ? "  ok    " : "  WRONG ") + what);
        AllHold &= condition;
    }
}

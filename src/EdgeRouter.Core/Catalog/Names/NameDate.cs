namespace EdgeRouter.Core.Catalog.Names;

/// <summary>The date at the end of a model's name. Names leave out the year (<c>0613</c>) or the day (<c>2411</c>); such a part is 0.</summary>
internal readonly record struct NameDate(int Year, int Month, int Day)
{
    /// <summary>Whether there is one.</summary>
    public bool IsKnown => Month != 0;

    /// <summary>Whether both can be the same day.</summary>
    public bool Agrees(NameDate other) => Same(Year, other.Year) && Same(Month, other.Month) && Same(Day, other.Day);

    /// <summary>Unix seconds of its start; null: the year is not known.</summary>
    public long? ToUnixSeconds() =>
        Year == 0 ? null : new DateTimeOffset(Year, Month, 1, 0, 0, 0, TimeSpan.Zero).AddDays(Math.Max(Day - 1, 0)).ToUnixTimeSeconds();

    private static bool Same(int part, int other) => part == 0 || other == 0 || part == other;
}

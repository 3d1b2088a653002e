namespace EdgeRouter.Core.Routing;

/// <summary>Hears of faults of the statistics, without which requests are planned. Thread-safe.</summary>
public interface IStatisticsFaults
{
    /// <summary>The statistics, or an ordering, failed. Does not throw.</summary>
    void Note(Exception fault);
}

namespace EdgeRouter.Core.Routing;

/// <summary>Receives faults of the statistics. Requests are planned without them. Thread-safe.</summary>
public interface IStatisticsFaults
{
    /// <summary>The statistics, or an ordering, failed. Does not throw.</summary>
    void Report(Exception fault);
}

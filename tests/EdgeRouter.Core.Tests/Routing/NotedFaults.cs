using EdgeRouter.Core.Routing;

namespace EdgeRouter.Core.Tests.Routing;

/// <summary>Keeps the faults of the statistics.</summary>
internal sealed class NotedFaults(List<Exception> faults) : IStatisticsFaults
{
    public void Report(Exception fault) => faults.Add(fault);
}

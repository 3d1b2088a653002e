using EdgeRouter.Core.Routing;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Selection;

/// <summary>Logs faults of the statistics.</summary>
internal sealed class StatisticsFaultLog(ILogger<RoutePlanner> log) : IStatisticsFaults
{
    public void Report(Exception fault) => GatewayLog.HealthIgnored(log, fault);
}

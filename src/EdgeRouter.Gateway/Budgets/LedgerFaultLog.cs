using EdgeRouter.Core.Budgets;
using EdgeRouter.Gateway.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.Gateway.Budgets;

/// <summary>Logs that the ledger could not be reached.</summary>
internal sealed class LedgerFaultLog(ILogger<BudgetHolds> log) : ILedgerFaults
{
    public void Report(Exception fault) => GatewayLog.LedgerUnreachable(log, fault);
}

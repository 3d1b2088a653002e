namespace EdgeRouter.Core.Budgets;

/// <summary>Receives each failure to reach the ledger. Thread-safe.</summary>
public interface ILedgerFaults
{
    /// <summary>It could not be reached this time. Does not throw.</summary>
    void Report(Exception fault);
}

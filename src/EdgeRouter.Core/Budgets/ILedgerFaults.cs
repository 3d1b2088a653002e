namespace EdgeRouter.Core.Budgets;

/// <summary>Hears that the ledger could not be reached. Thread-safe.</summary>
public interface ILedgerFaults
{
    /// <summary>It could not be reached this time. Does not throw.</summary>
    void Note(Exception fault);
}

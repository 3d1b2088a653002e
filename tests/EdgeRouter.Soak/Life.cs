namespace EdgeRouter.Soak;

/// <summary>One process of the router, from its start to its end.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Killed">Whether it was killed (<c>kill -9</c>), or else asked to end (SIGTERM).</param>
/// <param name="Memory">Its resident memory.</param>
/// <param name="Before">The ledger before it.</param>
/// <param name="After">The ledger after it.</param>
internal sealed record Life(int Number, bool Killed, MemorySlope Memory, LedgerState Before, LedgerState After);

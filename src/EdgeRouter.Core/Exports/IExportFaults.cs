namespace EdgeRouter.Core.Exports;

/// <summary>Receives what went wrong with one part of an export, which does not keep the others. Thread-safe.</summary>
public interface IExportFaults
{
    /// <summary>A part of a day has a fault. Neither throws nor blocks.</summary>
    void Report(DateOnly day, string part, Exception cause);
}

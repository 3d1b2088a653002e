using EdgeRouter.Core.Exports;

namespace EdgeRouter.Core.Tests.Exports;

/// <summary>Keeps the faults of an export.</summary>
internal sealed class NotedFaults : IExportFaults
{
    public List<(DateOnly Day, string Part)> Noted { get; } = [];

    public void Report(DateOnly day, string part, Exception cause) => Noted.Add((day, part));
}

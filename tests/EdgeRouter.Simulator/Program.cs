using System.Globalization;
using EdgeRouter.Simulator;

if (!TryRead(args, out var seed, out var plot))
{
    Console.Error.WriteLine("usage: EdgeRouter.Simulator [--seed N] [--svg FILE]");
    return 2;
}
var reports = SimulatedPolicy.All.Select(policy => Simulation.Run(Scenario.Standard, policy, seed)).ToArray();
Console.Write(PolicyReport.Table(reports));
if (plot is not null) File.WriteAllText(plot, SvgPlot.Draw(reports));
return 0;

static bool TryRead(string[] args, out int seed, out string? plot)
{
    (seed, plot) = (1, null);
    for (var i = 0; i < args.Length; i += 2)
    {
        if (i + 1 == args.Length) return false;
        switch (args[i])
        {
            case "--seed" when int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed): break;
            case "--svg": plot = args[i + 1]; break;
            default: return false;
        }
    }
    return true;
}

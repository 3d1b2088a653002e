using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRouter.StandIns.Functions;

/// <summary>Runs the warm-up function once when the instance starts, as Azure does when it adds one.</summary>
internal sealed class WarmupRunner(FunctionEntry function, Invoker invoker, ILogger<WarmupRunner> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await invoker.InvokeAsync(function, new object(), [], stoppingToken);
        }
        catch (Exception error)
        {
            log.LogError(error, "Function {Name} failed.", function.Name);
        }
    }
}

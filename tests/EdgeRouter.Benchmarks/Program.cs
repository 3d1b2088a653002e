using BenchmarkDotNet.Running;
using EdgeRouter.Benchmarks;
using EdgeRouter.Benchmarks.Functions;
using EdgeRouter.Benchmarks.Load;

// Paired load figures:  overhead | allocation | idle-streams | startup [CATALOG.json | synthetic]
// On Functions:         functions APP_FOLDER... | functions-startup APP_FOLDER...
// Held to a ceiling:    planning
// Micro benchmarks:     micro [BenchmarkDotNet arguments]
return args.FirstOrDefault() switch
{
    "overhead" => await OverheadBenchmark.RunAsync(),
    "allocation" => await AllocationBenchmark.RunAsync(),
    "idle-streams" => await IdleStreamsBenchmark.RunAsync(),
    "startup" => await StartupBenchmark.RunAsync(args.ElementAtOrDefault(1)),
    "functions" => await FunctionsBenchmark.RunAsync(args[1..]),
    "functions-startup" => await FunctionsStartupBenchmark.RunAsync(args[1..]),
    "planning" => PlanningCeiling.Run(),
    "micro" => Micro(args[1..]),
    ChildProcess.UpstreamRole => await StubUpstream.RunAsync(),
    ChildProcess.BusRole => await FunctionsStack.RunBusAsync(),
    ChildProcess.HostRole => await FunctionsStack.RunHostAsync(args[1]),
    ChildProcess.CallerRole => await Caller.RunAsync(
        new Uri(args[1]), Enum.Parse<RequestKind>(args[2]), int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Micro(string[] arguments)
{
    BenchmarkSwitcher.FromAssembly(typeof(OverheadBenchmark).Assembly).Run(arguments);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: EdgeRouter.Benchmarks overhead | allocation | idle-streams | startup [CATALOG.json | synthetic] | planning | micro [...]"
        + " | functions APP_FOLDER... | functions-startup APP_FOLDER...");
    return 2;
}

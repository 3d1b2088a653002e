// Mixed traffic on a router in a process of its own that is stopped and killed in between; then everything that was counted is compared.
// arguments: [MINUTES [SEED]]   30 minutes and a new seed without them; exit code 0 when all that must be equal is equal
using System.Globalization;
using EdgeRouter.Soak;

var minutes = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 30;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : new Random().Next(1_000_000);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"soak: {minutes} minutes, seed {seed}, {SoakRun.Callers} callers"));
return await new SoakRun(TimeSpan.FromMinutes(minutes), seed).RunAsync() ? 0 : 1;

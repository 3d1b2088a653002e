// Works on the embedded store of a folder in a process of its own, so that tests can kill it and measure it.
// arguments: commits FOLDER WRITERS ROUND   writes rows until it is killed, and prints the name of each once it is acknowledged; ROUND begins their keys
//            usage FOLDER WRITERS           the same with generation records, through the usage queue
//            fill FOLDER RECORDS            writes generation records, and prints resident memory before and after
//            open FOLDER                    opens, uses and closes what is there, and prints times and resident memory
//            rate FOLDER CALLERS SECONDS FLUSH   records a second that the usage queue accepts, and the time that each takes
using System.Globalization;
using EdgeRouter.EmbeddedStore;
using EdgeRouter.StoreProcess;

var number = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0;
var options = new EmbeddedStoreOptions { Folder = args[1], FlushToDisk = args is ["rate", .., "true"] };
switch (args[0])
{
    case "commits":
        await UntilKilled.CommitAsync(options, number, args[3]);
        break;
    case "usage":
        await UntilKilled.EnqueueAsync(options, number);
        break;
    case "fill":
        await Measurements.FillAsync(options, number);
        break;
    case "open":
        await Measurements.OpenAsync(options);
        break;
    default:
        await Measurements.RateAsync(options, number, TimeSpan.FromSeconds(int.Parse(args[3], CultureInfo.InvariantCulture)));
        break;
}

using System.Globalization;
using EdgeRouter.FuzzTests.Inputs;
using Xunit;

namespace EdgeRouter.FuzzTests.Parts;

/// <summary>The parts that read what callers and providers send, without sockets: some hundred thousand inputs a minute.</summary>
public sealed class PartTests
{
    /// <summary>Made by the test that checks it: when the data of a theory throw, the runner reports a fault of its own and not which part it was.</summary>
    private static readonly Dictionary<string, Func<IFuzzedPart>> Parts = All().ToDictionary(part => part.Name, part => part.Create);

    public static TheoryData<string> Names => [.. Parts.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Whatever_comes_is_read_or_refused(string name)
    {
        var part = Parts[name]();
        var files = FuzzCorpus.Read(part.Kind, part.Format);
        var seeds = FuzzCorpus.SeedsOf(part.Kind, part.Format);
        var run = new FuzzRun<PartInput>(name, random => Draw(part, seeds, random), input => input.Smaller(), part.Check);

        foreach (var file in files)
            for (var split = 0; split < PartInput.ReplayedSplits; split++) run.Replay(new PartInput(file.Bytes, split), file.Name);
        run.Draw(FuzzSettings.Time / Parts.Count, FuzzSettings.Seed, FuzzSettings.Saves ? input => Save(part, input) : null);

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: {name}: {run.Checked} inputs"));
    }

    private static PartInput Draw(IFuzzedPart part, byte[][] seeds, Random random)
    {
        var seed = random.Next(2) == 0 ? part.Draw(random) : null;
        return new PartInput(new Mutator(random).Mutate(seed ?? seeds[random.Next(seeds.Length)], seeds), random.Next(1000));
    }

    private static string Save(IFuzzedPart part, PartInput input) =>
        FuzzCorpus.Save(part.Kind, part.Format, input.Content, part.Kind == FuzzCorpus.Streams ? "sse" : "json");

    private static IEnumerable<(string Name, Func<IFuzzedPart> Create)> All()
    {
        foreach (var api in Formats.Apis) yield return ($"{api.Name} requests", () => new RequestPart(api));
        foreach (var wire in Formats.Wires)
        {
            if (Formats.Streams(wire)) yield return ($"{wire.Name} events", () => new EventReaderPart(wire.Name));
            yield return ($"{wire.Name} errors", () => new ErrorPart(wire));
        }
        foreach (var (api, wire) in Formats.StreamPairs) yield return ($"{wire.Name} streams for {api.Name}", () => new StreamPart(api, wire));
        foreach (var (api, wire) in Formats.Pairs) yield return ($"{wire.Name} answers for {api.Name}", () => new AnswerPart(api, wire));
    }
}

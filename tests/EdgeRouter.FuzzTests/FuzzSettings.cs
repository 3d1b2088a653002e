using System.Globalization;

namespace EdgeRouter.FuzzTests;

/// <summary>What the environment says about a run. Prints the seed, which repeats the run's inputs.</summary>
internal static class FuzzSettings
{
    /// <summary>What a run takes in CI, where it must stay within a minute.</summary>
    private const double DefaultSeconds = 40;

    /// <summary>Time to draw inputs in, for the parts and for the router each, which run at the same time. <c>EDGEROUTER_FUZZ_SECONDS</c>.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(Read("EDGEROUTER_FUZZ_SECONDS") is { } seconds
        ? double.Parse(seconds, CultureInfo.InvariantCulture) : DefaultSeconds);

    /// <summary>Seed of all inputs. <c>EDGEROUTER_FUZZ_SEED</c>; without it a new one in each run.</summary>
    public static readonly ulong Seed = ReadSeed();

    /// <summary>Whether what failed is written into the corpus. <c>EDGEROUTER_FUZZ_SAVE=1</c>.</summary>
    public static readonly bool Saves = Read("EDGEROUTER_FUZZ_SAVE") == "1";

    private static ulong ReadSeed()
    {
        var seed = Read("EDGEROUTER_FUZZ_SEED") is { } given
            ? ulong.Parse(given, CultureInfo.InvariantCulture) : (ulong)new Random().Next(1_000_000_000);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fuzz: EDGEROUTER_FUZZ_SEED={seed} EDGEROUTER_FUZZ_SECONDS={Time.TotalSeconds}"));
        return seed;
    }

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

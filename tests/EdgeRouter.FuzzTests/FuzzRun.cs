using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Xunit.Sdk;
using Random = System.Random;

namespace EdgeRouter.FuzzTests;

/// <summary>Draws inputs for a time and checks each. The first that fails is made as small as a minute permits, and reported.</summary>
/// <typeparam name="T">An input. Its text is what the report shows.</typeparam>
/// <param name="name">What is fuzzed.</param>
/// <param name="draw">Draws an input.</param>
/// <param name="smaller">Smaller forms of an input, the smallest first.</param>
/// <param name="check">Throws when the input is not treated as it must be.</param>
internal sealed class FuzzRun<T>(string name, Func<Random, T> draw, Func<T, IEnumerable<T>> smaller, Action<T> check)
{
    private const int Batch = 50;
    private static readonly TimeSpan ShrinkTime = TimeSpan.FromMinutes(1);
    private long failedAt;
    private T? smallest;
    private Exception? fault;

    /// <summary>Inputs checked so far, those of shrinking included.</summary>
    public int Checked { get; private set; }

    /// <summary>Draws and checks until the time is over.</summary>
    /// <param name="time">How long.</param>
    /// <param name="seed">Of the inputs.</param>
    /// <param name="save">Keeps the smallest input that failed, and says where; null: it is not kept.</param>
    public void Draw(TimeSpan time, ulong seed, Func<T, string>? save = null)
    {
        var inputs = Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(number => draw(new Random(number))), Smaller);
        var property = Prop.ForAll(inputs, new Func<T, bool>(Holds));
        var started = Stopwatch.GetTimestamp();
        for (ulong batch = 0; Stopwatch.GetElapsedTime(started) < time; batch++)
        {
            var replay = new Replay(new Rnd(seed * 1_000_003 + batch), FSharpOption<int>.None);
            property.Check(Config.Quick.WithRunner(Silence.Instance).WithMaxTest(Batch).WithReplay(FSharpOption<Replay>.Some(replay)));
            if (fault is not null) Report(save);
        }
    }

    /// <summary>Checks an input of the corpus.</summary>
    public void Replay(T input, string origin)
    {
        if (!Holds(input)) throw new XunitException($"{name}: {origin}: {input}", fault);
    }

    private bool Holds(T input)
    {
        Checked++;
        try
        {
            check(input);
            return true;
        }
        catch (Exception exception)
        {
            if (fault is null) failedAt = Stopwatch.GetTimestamp();
            (smallest, fault) = (input, exception);
            return false;
        }
    }

    private IEnumerable<T> Smaller(T input)
    {
        foreach (var candidate in smaller(input))
        {
            if (Stopwatch.GetElapsedTime(failedAt) > ShrinkTime) yield break;
            yield return candidate;
        }
    }

    private void Report(Func<T, string>? save)
    {
        var kept = save is null ? $"scripts/fuzz.sh 3 {FuzzSettings.Seed} repeats it and keeps it in the corpus" : $"kept in {save(smallest!)}";
        throw new XunitException(string.Create(CultureInfo.InvariantCulture,
            $"{name}, seed {FuzzSettings.Seed}, {Checked} inputs, {kept}. The smallest that fails:\n{smallest}\n{fault}"), fault);
    }

    private sealed class Silence : IRunner
    {
        public static readonly Silence Instance = new();

        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int ntest, Microsoft.FSharp.Collections.FSharpList<object> args,
            FSharpFunc<int, FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> args,
            FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult result)
        {
        }
    }
}

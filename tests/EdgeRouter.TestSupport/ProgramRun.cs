using System.Diagnostics;

namespace EdgeRouter.TestSupport;

/// <summary>A program that ran to its end, and what it said.</summary>
public sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Runs a program to its end. It is killed, with what it started, if it takes longer than the limit.</summary>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static async Task<ProgramRun> OfAsync(ProcessStartInfo start, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(start);
        (start.UseShellExecute, start.RedirectStandardOutput, start.RedirectStandardError) = (false, true, true);
        using var process = Process.Start(start)!;
        try
        {
            // Both at once: a pipe that is not read fills up and holds the program.
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await Task.WhenAll(output, errors, process.WaitForExitAsync()).InTimeAsync($"the end of {start.FileName}", limit);
            return new ProgramRun(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}

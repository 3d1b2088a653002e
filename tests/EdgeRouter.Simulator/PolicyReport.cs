using System.Globalization;
using System.Text;

namespace EdgeRouter.Simulator;

/// <summary>What a policy achieved. Times in seconds from arrival to the first token, failed attempts included.</summary>
public sealed record PolicyReport(string Policy)
{
    public int Requests { get; init; }

    public double DollarsPerThousand { get; init; }

    public double P50 { get; init; }

    public double P95 { get; init; }

    public double P99 { get; init; }

    /// <summary>Share of requests that nobody answered.</summary>
    public double ErrorRate { get; init; }

    /// <summary>Calls that failed, per 1,000 requests.</summary>
    public double FailedCallsPerThousand { get; init; }

    /// <summary>Calls made by a router that had been asked to wait, per 1,000 requests.</summary>
    public double HammeringPerThousand { get; init; }

    /// <summary>What is compared: title, and the figure.</summary>
    public static IReadOnlyList<(string Title, Func<PolicyReport, double> Figure, string Format)> Figures { get; } =
    [
        ("USD per 1,000", report => report.DollarsPerThousand, "0.000"),
        ("TTFT p50 s", report => report.P50, "0.00"),
        ("TTFT p95 s", report => report.P95, "0.00"),
        ("TTFT p99 s", report => report.P99, "0.00"),
        ("errors %", report => report.ErrorRate * 100, "0.00"),
        ("failed calls per 1,000", report => report.FailedCallsPerThousand, "0.0"),
        ("hammering per 1,000", report => report.HammeringPerThousand, "0.0"),
    ];

    /// <summary>The comparison as a Markdown table.</summary>
    public static string Table(IReadOnlyList<PolicyReport> reports)
    {
        var table = new StringBuilder("| policy | requests |");
        foreach (var figure in Figures) table.Append(CultureInfo.InvariantCulture, $" {figure.Title} |");
        table.Append("\n|---|---:|").Insert(table.Length, "---:|", Figures.Count).Append('\n');
        foreach (var report in reports)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {report.Policy} | {report.Requests} |");
            foreach (var figure in Figures)
                table.Append(CultureInfo.InvariantCulture, $" {figure.Figure(report).ToString(figure.Format, CultureInfo.InvariantCulture)} |");
            table.Append('\n');
        }
        return table.ToString();
    }
}

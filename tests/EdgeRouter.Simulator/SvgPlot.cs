using System.Globalization;
using System.Text;

namespace EdgeRouter.Simulator;

/// <summary>Draws the comparison as an SVG: a panel per figure, a bar per policy.</summary>
public static class SvgPlot
{
    private const int PanelWidth = 220;
    private const int PanelHeight = 150;
    private const int Columns = 4;
    private const int BarHeight = 18;
    private const int LabelWidth = 78;
    private static readonly string[] Colours = ["#4878a8", "#2a9d6a", "#c98a2b", "#b4525e"];

    /// <summary>The drawing.</summary>
    public static string Draw(IReadOnlyList<PolicyReport> reports)
    {
        var rows = (PolicyReport.Figures.Count + Columns - 1) / Columns;
        var svg = new StringBuilder();
        var (width, height) = (Columns * PanelWidth, rows * PanelHeight);
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"11\">");
        Line(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        for (var i = 0; i < PolicyReport.Figures.Count; i++) Panel(svg, i % Columns * PanelWidth, i / Columns * PanelHeight, PolicyReport.Figures[i], reports);
        Line(svg, $"</svg>");
        return svg.ToString();
    }

    private static void Panel(StringBuilder svg, int left, int top, (string Title, Func<PolicyReport, double> Figure, string Format) figure,
        IReadOnlyList<PolicyReport> reports)
    {
        var most = Math.Max(1e-9, reports.Max(figure.Figure));
        Line(svg, $"<text x=\"{left + 8}\" y=\"{top + 20}\" font-weight=\"bold\">{figure.Title}</text>");
        for (var i = 0; i < reports.Count; i++)
        {
            var value = figure.Figure(reports[i]);
            var y = top + 32 + i * (BarHeight + 6);
            var width = (PanelWidth - LabelWidth - 56) * value / most;
            Line(svg, $"<text x=\"{left + 8}\" y=\"{y + 13}\">{reports[i].Policy}</text>");
            Line(svg, $"<rect x=\"{left + LabelWidth}\" y=\"{y}\" width=\"{width:0.0}\" height=\"{BarHeight}\" fill=\"{Colours[i % Colours.Length]}\"/>");
            Line(svg, $"<text x=\"{left + LabelWidth + width + 4:0.0}\" y=\"{y + 13}\">{value.ToString(figure.Format, CultureInfo.InvariantCulture)}</text>");
        }
    }

    private static void Line(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}

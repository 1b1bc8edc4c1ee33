using System.Globalization;
using System.Text;
using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Cli.Report;

/// <summary>The named parts of θ as a table: the values of its hyper-parameters, or the shapes of its tensors.</summary>
internal static class ThetaTable
{
    public static string Compose(ReportData data)
    {
        var family = OptimizerFamilies.Of(data.Specification.Optimizer);
        string heading = $"<p>Version {data.Theta.Version.ToString("N0", CultureInfo.InvariantCulture)} of a θ of the family "
            + $"{ReportWriter.Escape(family.Title)}, {family.Theta.Length.ToString("N0", CultureInfo.InvariantCulture)} numbers.</p>\n";
        return heading + (family.Theta.HyperParameters.Length > 0 ? HyperParameters(family.Theta, data) : Tensors(family.Theta));
    }

    private static string HyperParameters(ThetaLayout layout, ReportData data) => Table(
        ["hyper-parameter", "value", "initial value", "θ holds"],
        layout.HyperParameters.Zip(
            layout.Values(data.Theta.Values.Span),
            (h, value) => (string[])[h.Name, $"{Number(value)} {h.Unit}".TrimEnd(), Number(h.Initial), h.Transform.Formula]));

    private static string Tensors(ThetaLayout layout) => Table(
        ["tensor", "shape", "numbers"],
        layout.Tensors.Select(t => (string[])[t.Name, string.Join(" × ", t.Shape), t.Length.ToString("N0", CultureInfo.InvariantCulture)]));

    private static string Table(string[] headings, IEnumerable<string[]> rows)
    {
        var html = new StringBuilder("<div class=\"scroll\"><table>");
        Row("th", headings);
        foreach (string[] row in rows) Row("td", row);
        return html.Append("</table></div>\n").ToString();

        void Row(string cell, string[] texts)
        {
            html.Append("<tr>");
            foreach (string text in texts) html.Append(CultureInfo.InvariantCulture, $"<{cell}>{ReportWriter.Escape(text)}</{cell}>");
            html.Append("</tr>\n");
        }
    }

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}

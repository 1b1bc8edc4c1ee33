using System.Globalization;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared.Run;

namespace LoptCluster.Cli.Report;

/// <summary>The named parts of θ as HTML: the values of its hyper-parameters, or the shapes of its tensors.</summary>
internal static class ThetaTable
{
    public static string Compose(IOptimizerFamily family, ThetaSnapshot theta)
    {
        string version = theta.Version.ToString("N0", CultureInfo.InvariantCulture), length = Count(family.Theta.Length);
        return $"<p class=\"note\">{HtmlTemplate.Escape(family.Title)}: {length} numbers, version {version}.</p>\n"
            + (family.Theta.HyperParameters.Length > 0 ? HyperParameters(family.Theta, theta) : Tensors(family.Theta));
    }

    private static string HyperParameters(ThetaLayout layout, ThetaSnapshot theta) => Table(
        ["hyper-parameter", "value", "initial value", "θ holds"],
        layout.HyperParameters.Zip(
            layout.Values(theta.Values.Span),
            (h, value) => (string[])[h.Name, $"{Number(value)} {h.Unit}".TrimEnd(), Number(h.Initial), h.Transform.Formula]));

    private static string Tensors(ThetaLayout layout) => Table(
        ["tensor", "shape", "numbers"],
        layout.Tensors.Select(t => (string[])[t.Name, string.Join(" × ", t.Shape), Count(t.Length)]));

    private static string Table(string[] headings, IEnumerable<string[]> rows) =>
        $"<div class=\"scroll\"><table>\n{Row("th", headings)}{string.Concat(rows.Select(row => Row("td", row)))}</table></div>";

    private static string Row(string cell, string[] texts) =>
        $"<tr>{string.Concat(texts.Select(text => $"<{cell}>{HtmlTemplate.Escape(text)}</{cell}>"))}</tr>\n";

    private static string Count(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}

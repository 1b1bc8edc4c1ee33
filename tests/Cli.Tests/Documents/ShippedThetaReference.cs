using System.Globalization;
using System.Text;
using LoptCluster.Cli.Thetas;
using LoptCluster.Engine.ThetaFiles;

namespace LoptCluster.Cli.Tests.Documents;

/// <summary>Table of the trained θ that ship with the program in Markdown, as <c>lopt theta list</c> describes them.</summary>
internal static class ShippedThetaReference
{
    public static string Compose()
    {
        var text = new StringBuilder("\n| θ | for | trained on | lower loss than tuned Adam | higher |\n| --- | --- | --- | --- | --- |\n");
        foreach (var theta in ThetaCatalog.Names.Select(ThetaCatalog.Get))
        {
            string[] cells =
            [
                $"`{ThetaCatalog.Prefix}{theta.Name}`", ShippedThetaText.Purpose(theta), theta.TrainedOn, string.Join("; ", theta.Wins),
                string.Join("; ", theta.Loses),
            ];
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells.Select(GeneratedDocument.Cell))} |\n");
        }

        return text.Append('\n').ToString();
    }
}

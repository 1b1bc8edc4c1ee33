using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Report;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Thetas;

/// <summary>A θ that ships with the program, in words and as JSON.</summary>
internal static class ShippedThetaText
{
    /// <summary>Name, purpose, outer-training, and where it wins and loses against tuned Adam, on lines of their own.</summary>
    public static string Lines(ShippedTheta theta)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{ThetaCatalog.Prefix}{theta.Name}\n");
        Row("for", Purpose(theta));
        Row("trained on", theta.TrainedOn);
        foreach (string win in theta.Wins) Row("wins", win);
        foreach (string loss in theta.Loses) Row("loses", loss);
        return text.ToString();

        void Row(string label, string value) => text.Append(CultureInfo.InvariantCulture, $"  {label,-10}  {value}\n");
    }

    /// <summary>Objective, form of the optimizer and longest inner-training: "training loss, mlp16, T up to 2,000 inner-steps".</summary>
    public static string Purpose(ShippedTheta theta) =>
        $"{ObjectiveText.LossOf(theta.TrainedBy.Objective)}, {OptimizerFamilies.Of(theta.Content.Optimizer).Name}, "
        + $"T up to {DisplayFormat.Count((long)theta.TrainedBy.LongestInnerSteps())} inner-steps";

    public static JsonArray Json(IEnumerable<ShippedTheta> thetas) => new([.. thetas.Select(theta => new JsonObject
    {
        ["name"] = ThetaCatalog.Prefix + theta.Name,
        ["objective"] = SpecificationWord.Of(theta.TrainedBy.Objective),
        ["optimizer"] = OptimizerFamilies.Of(theta.Content.Optimizer).Name,
        ["parameters"] = theta.Content.Theta.Length,
        ["sha256"] = Convert.ToHexStringLower(theta.Content.Theta.Checksum()),
        ["preset"] = theta.TrainedBy.Name,
        ["horizonInnerSteps"] = theta.TrainedBy.LongestInnerSteps(),
        ["trainedOn"] = theta.TrainedOn,
        ["wins"] = new JsonArray([.. theta.Wins.Select(win => (JsonNode)win)]),
        ["loses"] = new JsonArray([.. theta.Loses.Select(loss => (JsonNode)loss)]),
    })]);
}

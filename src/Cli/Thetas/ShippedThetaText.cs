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
    /// <summary>Blanks before the second line of a row.</summary>
    public const int Indent = 14;

    /// <summary>Name, purpose, outer-training, and where it wins and loses against tuned Adam, on lines of their own.</summary>
    public static IEnumerable<string> Lines(ShippedTheta theta) =>
    [
        ThetaCatalog.Prefix + theta.Name, Row("for", Purpose(theta)), Row("trained on", theta.TrainedOn),
        .. theta.Wins.Select(win => Row("wins", win)), .. theta.Loses.Select(loss => Row("loses", loss)),
    ];

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

    private static string Row(string label, string value) => $"  {label,-10}  {value}";
}

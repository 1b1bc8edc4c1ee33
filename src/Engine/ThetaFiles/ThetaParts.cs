using System.Globalization;
using System.Text.Json.Nodes;
using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.ThetaFiles;

/// <summary>The named parts of θ as JSON, for cards and file headers.</summary>
internal static class ThetaParts
{
    /// <summary>A hyper-parameter's value with the nine digits that determine a float.</summary>
    public static string Text(double value) => value.ToString("G9", CultureInfo.InvariantCulture);

    /// <summary>Name and shape of each tensor, in order.</summary>
    public static JsonArray Tensors(ThetaLayout layout) =>
        new([.. layout.Tensors.Select(t => (JsonNode)new JsonObject { ["name"] = t.Name, ["shape"] = Shape(t) })]);

    public static JsonArray Shape(ThetaTensor tensor) => new([.. tensor.Shape.Select(s => (JsonNode)s)]);

    /// <summary>
    /// Each hyper-parameter, in the order of θ's elements, with its value in its own unit and the formula by which θ holds it.
    /// </summary>
    public static JsonArray HyperParameters(ThetaLayout layout, ReadOnlySpan<float> theta)
    {
        var parameters = new JsonArray();
        foreach (var (parameter, value) in layout.HyperParameters.Zip(layout.Values(theta)))
        {
            var json = new JsonObject { ["name"] = parameter.Name, ["value"] = double.Parse(Text(value), CultureInfo.InvariantCulture) };
            if (parameter.Unit.Length > 0) json["unit"] = parameter.Unit;
            json["theta"] = parameter.Transform.Formula;
            parameters.Add(json);
        }

        return parameters;
    }
}

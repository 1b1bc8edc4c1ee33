using System.Text.Json;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Convnets;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.InnerProblems.Toys;

namespace LoptCluster.Engine.Verification;

/// <summary>Builds the inner-problem that a golden case describes.</summary>
internal static class GoldenProblem
{
    public static IInnerProblem Create(JsonElement problem, int maxMinibatch)
    {
        string type = problem.GetProperty("type").GetString()!;
        return type switch
        {
            "quadratic" => Quadratic(problem.GetProperty("A"), problem.GetProperty("c")),
            "mlp" => new FullyConnectedProblem(
                problem.GetProperty("n_in").GetInt32(), Hidden(problem), problem.GetProperty("n_classes").GetInt32(), maxMinibatch),
            "convnet" => new ConvnetProblem(
                new ConvnetShape(
                    problem.GetProperty("image").GetInt32(),
                    problem.GetProperty("in_channels").GetInt32(),
                    problem.GetProperty("channels").GetInt32(),
                    [.. GoldenCase.Integers(problem.GetProperty("strides"))],
                    problem.GetProperty("n_classes").GetInt32(),
                    problem.GetProperty("batch_norm").GetBoolean()),
                maxMinibatch),
            _ => throw new FormatException($"unknown inner-problem '{type}'"),
        };
    }

    public static QuadraticProblem Quadratic(JsonElement a, JsonElement c) => new(GoldenCase.Floats(a), GoldenCase.Floats(c));

    /// <summary>Hidden layers: <c>n_hidden</c> is a number or a list.</summary>
    private static int[] Hidden(JsonElement problem)
    {
        var hidden = problem.GetProperty("n_hidden");
        return hidden.ValueKind == JsonValueKind.Array ? GoldenCase.Integers(hidden) : [hidden.GetInt32()];
    }
}

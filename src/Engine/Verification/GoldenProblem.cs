using System.Text.Json;
using LoptCluster.Engine.InnerProblems;

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
            "mlp" => new FullyConnectedProblem(Layers(problem), maxMinibatch),
            "convnet" => new ConvnetProblem(Convnet(problem), maxMinibatch),
            _ => throw new FormatException($"unknown inner-problem '{type}'"),
        };
    }

    public static QuadraticProblem Quadratic(JsonElement a, JsonElement c) => new(GoldenCase.Floats(a), GoldenCase.Floats(c));

    /// <summary>Inputs, hidden layers, classes. <c>n_hidden</c> is a number or a list.</summary>
    private static int[] Layers(JsonElement problem)
    {
        var hidden = problem.GetProperty("n_hidden");
        int[] units = hidden.ValueKind == JsonValueKind.Array ? GoldenCase.Integers(hidden) : [hidden.GetInt32()];
        return [problem.GetProperty("n_in").GetInt32(), .. units, problem.GetProperty("n_classes").GetInt32()];
    }

    private static ConvnetShape Convnet(JsonElement problem)
    {
        bool batchNorm = GoldenCase.Has(problem, "batch_norm") && problem.GetProperty("batch_norm").GetBoolean();
        var shape = new ConvnetShape(
            problem.GetProperty("image").GetInt32(),
            problem.GetProperty("in_channels").GetInt32(),
            problem.GetProperty("channels").GetInt32(),
            [.. GoldenCase.Integers(problem.GetProperty("strides"))],
            problem.GetProperty("n_classes").GetInt32(),
            batchNorm);
        return GoldenCase.Has(problem, "batch_norm_eps") ? shape with { BatchNormEpsilon = problem.GetProperty("batch_norm_eps").GetDouble() } : shape;
    }
}

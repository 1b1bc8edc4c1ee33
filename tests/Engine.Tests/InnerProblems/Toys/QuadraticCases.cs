using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Tests.InnerProblems.Toys;

/// <summary>Random symmetric matrices of 1 to 40 dimensions, on both sides of a vector's length.</summary>
public sealed class QuadraticCases : IInnerProblemCases
{
    public static IReadOnlyList<InnerProblemCase> All { get; } = [.. Enumerable.Range(1, 40).Select(Create)];

    private static InnerProblemCase Create(int dimensions)
    {
        var (a, c) = Instance(dimensions);
        return new InnerProblemCase($"{dimensions} dimensions", _ => new QuadraticProblem(a, c))
        {
            ParameterStd = 1,
            Reference = new ReferenceQuadratic(a, c),
            GradientTolerance = 2 * InnerProblemCase.Float32,
            ProductTolerance = 2 * InnerProblemCase.Float32,
            OverflowsInFloat32 = false,
        };
    }

    private static (float[] A, float[] C) Instance(int n)
    {
        var random = new RandomStream(1, RandomPurpose.QuadraticProblem, n);
        float[] a = new float[n * n], c = new float[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++) a[(i * n) + j] = a[(j * n) + i] = (float)random.NextNormal() + (i == j ? 10 : 0);
        }

        random.FillNormal(c);
        return (a, c);
    }
}

using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.TestKit.InnerProblems;

/// <summary>Random parameters, a direction and a minibatch for a case, decided by a seed.</summary>
public sealed class InnerProblemData
{
    private readonly ParameterLayout _layout;
    private RandomStream _random;

    public InnerProblemData(InnerProblemCase problemCase, IInnerProblem problem, int examples, int seed)
    {
        _layout = problem.Layout;
        _random = new RandomStream(seed, RandomPurpose.InnerInitialization, 7);
        W = problemCase.Parameters?.Invoke(_layout, seed) ?? NewVector(problemCase.ParameterStd);
        V = NewVector();
        X = Draw(examples * problem.InputLength, 1);
        Labels = [.. Enumerable.Range(0, examples).Select(_ => _random.NextInt32(problemCase.Classes))];
    }

    public float[] W { get; }

    public float[] V { get; }

    public float[] X { get; }

    public int[] Labels { get; }

    public Minibatch Batch => new(X, Labels);

    /// <summary>Another direction in the padded form.</summary>
    public float[] NewVector(double std = 1)
    {
        float[] padded = new float[_layout.PaddedLength];
        _layout.Pad(Draw(_layout.Length, std), padded);
        return padded;
    }

    /// <summary>The compact form of a padded vector, in double.</summary>
    public double[] Wide(float[] padded) => VectorAssert.Wide(_layout, padded);

    /// <summary>Sets every parameter to the same value; the padding stays zero.</summary>
    public void FillParameters(float value)
    {
        foreach (var tensor in _layout.Tensors) W.AsSpan(tensor.Offset, tensor.Length).Fill(value);
    }

    private float[] Draw(int length, double std)
    {
        float[] values = new float[length];
        _random.FillNormal(values, std);
        return values;
    }
}

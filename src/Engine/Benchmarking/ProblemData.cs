using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Benchmarking;

/// <summary>Initial parameters, a direction and one minibatch of noise, for measurements: speed does not depend on the values.</summary>
internal sealed class ProblemData : IMinibatches, IDisposable
{
    private readonly AlignedBuffer _x;
    private readonly int[] _labels;

    public ProblemData(IInnerProblem problem)
    {
        int length = problem.Layout.PaddedLength, examples = problem.MaxMinibatch;
        W = new AlignedBuffer(length);
        V = new AlignedBuffer(length);
        Result = new AlignedBuffer(length);
        _x = new AlignedBuffer((long)examples * problem.InputLength);
        _labels = new int[examples];
        var random = new RandomStream(1, RandomPurpose.InnerInitialization);
        problem.Initialize(ref random, W.Span);
        problem.Initialize(ref random, V.Span);
        random.FillNormal(_x.Span);
        for (int i = 0; i < _labels.Length; i++) _labels[i] = random.NextInt32(PaperProblems.Classes);
    }

    public AlignedBuffer W { get; }

    public AlignedBuffer V { get; }

    public AlignedBuffer Result { get; }

    public Minibatch Minibatch => new(_x.Span, _labels);

    public Minibatch Inner(long t) => Minibatch;

    public Minibatch Outer(long t, int draw) => Minibatch;

    public void Dispose()
    {
        foreach (var buffer in (AlignedBuffer[])[W, V, Result, _x]) buffer.Dispose();
    }
}

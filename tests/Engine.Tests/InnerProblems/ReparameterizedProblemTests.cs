using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.FullyConnected;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems;

public sealed class ReparameterizedProblemTests : InnerProblemContract<ReparameterizedCases>
{
    private static readonly RunSpecification Scaled = new() { ParameterScale = 10 };

    [Fact]
    public void Of_NotAsked_IsTheProblemItself()
    {
        using var problem = CreateNet();
        Assert.Same(problem, ReparameterizedProblem.Of(problem, new RunSpecification(), 3));
    }

    [Fact]
    public void Initialize_StartsAtTheProblemsOwnLoss()
    {
        using var plain = CreateNet();
        using var sut = ReparameterizedProblem.Of(CreateNet(), Scaled, 3);
        float[] own = Initial(plain), seen = Initial(sut);
        var batch = new Minibatch([.. Enumerable.Range(0, 24).Select(i => MathF.Sin(i))], [0, 1, 2, 1]);
        Assert.NotEqual(own, seen);
        Assert.Equal(plain.Loss(own, batch), sut.Loss(seen, batch), 1e-6);
    }

    [Fact]
    public void Of_OtherProblem_HasOtherFactorsWithinTheLimits()
    {
        using IInnerProblem plain = CreateNet(), one = ReparameterizedProblem.Of(CreateNet(), Scaled, 1),
            same = ReparameterizedProblem.Of(CreateNet(), Scaled, 1), other = ReparameterizedProblem.Of(CreateNet(), Scaled, 2);
        float[] own = Initial(plain), seen = Initial(one);
        Assert.Equal(seen, Initial(same));
        Assert.NotEqual(seen, Initial(other));
        foreach (var (mine, theirs) in own.Zip(seen).Where(pair => pair.First != 0))
            Assert.InRange(mine / theirs, 0.1f * (1 - 1e-6f), 10 * (1 + 1e-6f));
    }

    private static FullyConnectedProblem CreateNet() => new(6, [8], 3, 4);

    private static float[] Initial(IInnerProblem problem)
    {
        var random = new RandomStream(1, RandomPurpose.InnerInitialization, 5);
        float[] w = new float[problem.Layout.PaddedLength];
        problem.Initialize(ref random, w);
        return w;
    }
}

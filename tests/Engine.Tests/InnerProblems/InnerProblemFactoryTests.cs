using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Engine.Tests.InnerProblems;

public sealed class InnerProblemFactoryTests
{
    [Fact]
    public void Create_FullyConnected_HasTheLayersOfTheSpecification()
    {
        var specification = new RunSpecification { InnerProblem = InnerProblemKind.FullyConnected, HiddenUnits = [32], MinibatchSize = 7 };
        using var problem = InnerProblemFactory.Create(specification, new ImageShape(8, 1), 10);
        Assert.Equal(2_410, problem.Layout.Length);
        Assert.Equal((64, 7), (problem.InputLength, problem.MaxMinibatch));
    }

    [Fact]
    public void Create_DefaultSpecification_IsThePapersConvnet()
    {
        using var problem = InnerProblemFactory.Create(new RunSpecification(), new ImageShape(32, 3), 10);
        Assert.Equal(19_722, problem.Layout.Length);
        Assert.Equal((32 * 32 * 3, 128), (problem.InputLength, problem.MaxMinibatch));
    }

    [Fact]
    public void Create_Quadratic_IsKeyedByProblemId()
    {
        var specification = new RunSpecification { InnerProblem = InnerProblemKind.Quadratic, QuadraticDimensions = 5 };
        var shape = new ImageShape(8, 1);
        using IInnerProblem one = InnerProblemFactory.Create(
            specification, shape, 10, problemId: 1), same = InnerProblemFactory.Create(specification, shape, 10, problemId: 1);
        using var other = InnerProblemFactory.Create(specification, shape, 10, problemId: 2);
        float[] w = new float[one.Layout.PaddedLength];
        Assert.Equal(5, one.Layout.Length);
        Assert.Equal(one.Loss(w, default), same.Loss(w, default));
        Assert.NotEqual(one.Loss(w, default), other.Loss(w, default));
    }
}

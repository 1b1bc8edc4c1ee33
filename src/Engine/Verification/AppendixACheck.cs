using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.InnerProblems.Toys;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Unrolling;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Verification;

/// <summary>
/// App. A: the derivative of the final loss with respect to the learning rate (quadratic) and, for the two minima of §2.3, the momentum.
/// </summary>
/// <remarks>
/// The case gives the derivative three ways (the formula, in the eigenbasis, by automatic differentiation); the reverse sweep must meet all
/// three.
/// </remarks>
internal static class AppendixACheck
{
    /// <summary>Without effect: neither family depends on the horizon.</summary>
    private static readonly UpdateSettings Settings = new(InnerSteps: 1);

    public static void Run(GoldenCase golden)
    {
        using var quadratic = GoldenProblem.Quadratic(golden.Root.GetProperty("A"), golden.Root.GetProperty("c"));
        using var sgd = OptimizerFamilies.Sgd.Create(quadratic.Layout, Settings);
        float[] w0 = ProblemCheck.Padded(quadratic.Layout, GoldenCase.Floats(golden.Root.GetProperty("w0")));
        foreach (var x in golden.Expected.GetProperty("quadratic").EnumerateArray())
        {
            float[] theta = OptimizerFamilies.Sgd.Theta.Point(("learningRate", x.GetProperty("rate").GetDouble()));
            var (loss, derivative, _) = Unroll(
                quadratic, sgd, OptimizerFamilies.Sgd.Theta, w0, theta, x.GetProperty("T").GetInt32());
            golden.Compare("loss", loss, x.GetProperty("loss").GetDouble());
            foreach (string way in (ReadOnlySpan<string>)["derivative", "derivative_eigenbasis", "derivative_autograd"])
                golden.Compare(way, derivative[0], x.GetProperty(way).GetDouble());
        }

        using var toy = new TwoMinimaProblem();
        using var heavyBall = OptimizerFamilies.Momentum.Create(toy.Layout, Settings);
        foreach (var x in golden.Expected.GetProperty("toy").EnumerateArray())
        {
            float[] start = ProblemCheck.Padded(toy.Layout, [(float)x.GetProperty("w0").GetDouble()]);
            float[] theta = OptimizerFamilies.Momentum.Theta.Point(
                ("learningRate", x.GetProperty("rate").GetDouble()), ("momentum", x.GetProperty("momentum").GetDouble()));
            var (loss, derivative, w) = Unroll(
                toy, heavyBall, OptimizerFamilies.Momentum.Theta, start, theta, x.GetProperty("T").GetInt32());
            golden.Compare("loss", loss, x.GetProperty("loss").GetDouble());
            golden.Compare("w_final", w, x.GetProperty("w_final").GetDouble());
            golden.Compare("d_loss_d_rate", derivative[0], x.GetProperty("d_loss_d_rate").GetDouble());
            golden.Compare("d_loss_d_momentum", derivative[1], x.GetProperty("d_loss_d_momentum").GetDouble());
        }
    }

    private static (double Loss, double[] Derivative, double FinalW) Unroll(
        IInnerProblem problem, IOuterTrainableOptimizer optimizer, ThetaLayout layout, float[] w, float[] theta, int steps)
    {
        var options = new UnrollOptions
        {
            Objective = OuterObjective.Train,
            LossAt = LossConvention.AfterUpdate,
            FinalLossOnly = true,
            LossCap = double.PositiveInfinity,
        };
        using var unroller = new Unroller(problem.Layout, optimizer, options);
        var truncation = new Truncation
        {
            Problem = problem,
            Minibatches = NoMinibatches.Instance,
            W = w,
            M = new float[problem.Layout.PaddedLength * optimizer.StateVectors],
            StartStep = 0,
            Steps = steps,
        };
        double loss = unroller.ForwardTaped(truncation, theta);
        unroller.Backward(truncation, theta);
        return (loss, layout.ValueGradient(theta, unroller.ThetaGradient), unroller.FinalW[0]);
    }
}

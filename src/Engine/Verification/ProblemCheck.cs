using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;

namespace LoptCluster.Engine.Verification;

/// <summary>Loss, gradient and Hessian-vector product of inner-problems.</summary>
internal static class ProblemCheck
{
    public static void Run(GoldenCase golden)
    {
        var expected = golden.Expected.GetProperty("items").EnumerateArray().ToArray();
        int index = 0;
        foreach (var item in golden.Root.GetProperty("items").EnumerateArray())
        {
            var e = expected[index++];
            bool hasData = GoldenCase.Has(item, "y");
            float[] x = hasData ? GoldenCase.Floats(item.GetProperty("x")) : [];
            int[] y = hasData ? GoldenCase.Integers(item.GetProperty("y")) : [];
            using var problem = GoldenProblem.Create(item.GetProperty("problem"), Math.Max(1, y.Length));
            var layout = problem.Layout;
            float[] w = Padded(
                layout, GoldenCase.Floats(item.GetProperty("w"))), v = Padded(layout, GoldenCase.Floats(item.GetProperty("v")));
            float[] gradient = new float[layout.PaddedLength], product = new float[layout.PaddedLength], compact = new float[layout.Length];

            golden.Compare("loss", problem.LossAndGradient(w, new Minibatch(x, y), gradient), e.GetProperty("loss").GetDouble());
            golden.Compare("loss", problem.Loss(w, new Minibatch(x, y)), e.GetProperty("loss").GetDouble());
            layout.Compact(gradient, compact);
            golden.Compare("gradient", compact, e.GetProperty("gradient"));
            problem.AddHessianVectorProduct(w, v, new Minibatch(x, y), product);
            layout.Compact(product, compact);
            golden.Compare("hvp", compact, e.GetProperty("hvp"));
        }
    }

    internal static float[] Padded(ParameterLayout layout, float[] compact)
    {
        float[] padded = new float[layout.PaddedLength];
        layout.Pad(compact, padded);
        return padded;
    }
}

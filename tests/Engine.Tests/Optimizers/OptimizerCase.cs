using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;

namespace LoptCluster.Engine.Tests.Optimizers;

/// <summary>One update and its pullback on random vectors: the inputs, and after the calls the results.</summary>
internal sealed class OptimizerCase
{
    public OptimizerCase(IOptimizerFamily family, ParameterLayout layout, long seed = 1)
    {
        Layout = layout;
        var random = new RandomStream(seed, RandomPurpose.ThetaInitialization);
        Theta = new float[family.Theta.Length];
        family.InitializeTheta(ref random, Theta);

        // Tensors of different scale, as gradients are.
        (G, W, WCotangent) = (Vector(ref random, 0.03), Vector(ref random, 0.4), Vector(ref random, 1));
        M = [.. Enumerable.Range(0, family.State.Length).SelectMany(_ => Vector(ref random, 0.02))];
        for (int i = 0; i < M.Length; i++)
        {
            if (family.State[i / G.Length].NonNegative) M[i] *= M[i];
        }

        MCotangent = [.. Enumerable.Range(0, family.State.Length).SelectMany(_ => Vector(ref random, 0.5))];
        (WNext, MNext, GCotangent, ThetaCotangent) = ([.. W], [.. M], new float[G.Length], new double[Theta.Length]);
        Array.Fill(GCotangent, float.NaN);
    }

    public ParameterLayout Layout { get; }

    public long T { get; init; } = 7;

    public float[] Theta { get; set; }

    public float[] G { get; }

    public float[] W { get; }

    public float[] M { get; }

    /// <summary>Cotangent of w(t+1); after <see cref="Run"/> that of w(t).</summary>
    public float[] WCotangent { get; }

    public float[] MCotangent { get; }

    public float[] GCotangent { get; }

    public double[] ThetaCotangent { get; }

    public float[] WNext { get; }

    public float[] MNext { get; }

    /// <summary>Every result of the case.</summary>
    public IEnumerable<float[]> Padded => [WNext, WCotangent, GCotangent, .. MNext.Chunk(G.Length), .. MCotangent.Chunk(G.Length)];

    /// <summary>All results and the cotangent of θ, bit by bit.</summary>
    public IEnumerable<long> Bits =>
        [.. Padded.SelectMany(v => v).Select(
            x => (long)BitConverter.SingleToInt32Bits(x)), .. ThetaCotangent.Select(BitConverter.DoubleToInt64Bits)];

    public UpdateCotangents Cotangents => new() { W = WCotangent, M = MCotangent, G = GCotangent, Theta = ThetaCotangent };

    public static double[] Wide(float[] x) => Array.ConvertAll(x, v => (double)v);

    /// <summary>The update as a vector-Jacobian product takes it.</summary>
    public MadeUpdate Made(float[]? intermediates = null) =>
        new() { Theta = Theta, T = T, G = G, W = W, M = M, MNext = MNext, Intermediates = intermediates };

    public OptimizerCase Run(IOuterTrainableOptimizer optimizer)
    {
        optimizer.Update(Theta, T, G, WNext, MNext);
        optimizer.VectorJacobianProduct(Made(), Cotangents);
        return this;
    }

    /// <summary>The same out of place, with the intermediate values that the update leaves.</summary>
    public OptimizerCase RunKept(IOuterTrainableOptimizer optimizer)
    {
        optimizer.VectorJacobianProduct(Made(Kept(optimizer)), Cotangents);
        return this;
    }

    /// <summary>Cotangent of θ without those of w and the state.</summary>
    public double[] RunTheta(IOuterTrainableOptimizer optimizer, bool kept)
    {
        float[] intermediates = Kept(optimizer);
        optimizer.AddThetaCotangent(Made(kept ? intermediates : []), Cotangents);
        return ThetaCotangent;
    }

    private float[] Kept(IOuterTrainableOptimizer optimizer)
    {
        float[] kept = VectorAssert.Garbage(optimizer.IntermediatesLength);
        Array.Fill(WNext, float.NaN);
        Array.Fill(MNext, float.NaN);
        optimizer.Update(Theta, T, G, W, M, WNext, MNext, kept);
        return kept;
    }

    private float[] Vector(ref RandomStream random, double std)
    {
        float[] padded = new float[Layout.PaddedLength];
        foreach (var tensor in Layout.Tensors)
            random.FillNormal(padded.AsSpan(tensor.Offset, tensor.Length), std * Math.Exp(0.5 * random.NextNormal()));
        return padded;
    }
}

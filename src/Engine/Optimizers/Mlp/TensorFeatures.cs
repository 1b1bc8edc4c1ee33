using LoptCluster.Engine.Numerics.Elementwise;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>Eight inputs of the MLP that are the same for all parameters of a tensor: what the normalisation takes from it.</summary>
/// <remarks>
/// Of each base vector (g, five momenta, w) ¼ log10 (1e-10 + mean square) + ½, so that an RMS of 0.01 is at 0 and one of 1 at ½; then
/// ¼ log10 n − ½ of the number of parameters.
/// </remarks>
internal static class TensorFeatures
{
    public const int Count = MlpShape.BaseVectors + 1;

    private const double Scale = 0.25, Offset = 0.5, Floor = 1e-10;

    /// <summary>Fills eight numbers of a tensor of n parameters, with the same bits on every machine.</summary>
    public static void Fill(ReadOnlySpan<float> squareSums, int n, Span<float> features)
    {
        for (int f = 0; f < MlpShape.BaseVectors; f++)
            features[f] = (float)((Scale * DoubleMath.Log10(Floor + (squareSums[f] / (double)n))) + Offset);
        features[MlpShape.BaseVectors] = (float)((Scale * DoubleMath.Log10(n)) - Offset);
    }

    /// <summary>Factor of x in the derivative of its vector's input with respect to x.</summary>
    public static double Slope(float squareSum, int n) => 2 * Scale / (DoubleMath.Ln10 * n * (Floor + (squareSum / (double)n)));
}

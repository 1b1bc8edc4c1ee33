namespace LoptCluster.Engine.Numerics.Dense;

internal static unsafe partial class DenseKernels
{
    /// <summary>Scalar twin of <see cref="Multiply"/>: the same sums in the same order, bit for bit.</summary>
    public static void MultiplyScalar(in DenseProduct p)
    {
        for (int m = 0; m < p.Rows; m++)
        {
            for (int n = 0; n < p.Columns; n++)
            {
                float* c = p.C + (m * p.CStride) + n;
                float sum = p.Bias != null ? p.Bias[n] : p.Accumulate ? *c : 0;
                for (int t = 0; t < p.Depth; t++)
                    sum = MathF.FusedMultiplyAdd(p.A[(m * p.ARowStride) + (t * p.ADepthStride)], p.B[(t * p.BStride) + n], sum);
                for (int t = 0; p.A2 != null && t < p.Depth; t++)
                    sum = MathF.FusedMultiplyAdd(p.A2[(m * p.ARowStride) + (t * p.ADepthStride)], p.B2[(t * p.BStride) + n], sum);
                if (p.Relu && sum < 0) sum = 0;
                if (p.Mask != null && !(p.Mask[(m * p.CStride) + n] > 0)) sum = 0;
                *c = sum;
            }
        }
    }
}

namespace LoptCluster.Engine.Numerics.Dense;

/// <summary>What <see cref="DenseKernels.Multiply"/> is to compute: C = f(start + A·B + A₂·B₂), all float32.</summary>
/// <remarks>
/// A [Rows, Depth] is read element by element, so any two strides will do: a row-major matrix, or the transpose of one. B [Depth, Columns] and
/// C [Rows, Columns] are row-major and read in whole 512-bit vectors: <see cref="Columns"/> is a multiple of 16. C overlaps neither A nor B.
/// </remarks>
internal unsafe struct DenseProduct
{
    public int Rows;

    /// <summary>Length of the sums; at least 1.</summary>
    public int Depth;

    /// <summary>A multiple of 16.</summary>
    public int Columns;

    public float* A;

    /// <summary>Second A, of the same strides, or null: no second product.</summary>
    public float* A2;

    /// <summary>Floats from A[m, t] to A[m + 1, t].</summary>
    public nint ARowStride;

    /// <summary>Floats from A[m, t] to A[m, t + 1].</summary>
    public nint ADepthStride;

    public float* B;

    public float* B2;

    /// <summary>Floats from a row of B and B₂ to the next.</summary>
    public nint BStride;

    public float* C;

    /// <summary>Floats from a row of C to the next; of <see cref="Mask"/> too.</summary>
    public nint CStride;

    /// <summary>The sums start from this row [Columns]. Null: from 0, or from C with <see cref="Accumulate"/>.</summary>
    public float* Bias;

    /// <summary>C += instead of C =. Not together with a bias.</summary>
    public bool Accumulate;

    /// <summary>f(x) = max(x, 0); NaN stays NaN.</summary>
    public bool Relu;

    /// <summary>f(x) = x where this matrix [Rows, Columns] is greater than 0, else 0: the slope of ReLU. Null: no mask.</summary>
    public float* Mask;
}

namespace LoptCluster.Engine.Numerics.Dense;

/// <summary>Operands of <see cref="DenseKernels.Multiply"/>: C = f(start + A·B + A₂·B₂), all float32.</summary>
/// <remarks>
/// A [Rows, Depth] is read element by element, so it may have any two strides: a row-major matrix, or its transpose. B [Depth, Columns] and
/// C [Rows, Columns] are row-major and read in whole 512-bit vectors: <see cref="Columns"/> is a multiple of 16. C overlaps neither A nor
/// B.
/// </remarks>
internal unsafe struct DenseProduct
{
    public int Rows;

    /// <summary>Number of terms in each sum; at least 1.</summary>
    public int Depth;

    /// <summary>Number of columns; a multiple of 16.</summary>
    public int Columns;

    public float* A;

    /// <summary>Second A₂, with the strides of A, or null: no second product.</summary>
    public float* A2;

    /// <summary>Floats from A[m, t] to A[m + 1, t].</summary>
    public nint ARowStride;

    /// <summary>Floats from A[m, t] to A[m, t + 1].</summary>
    public nint ADepthStride;

    public float* B;

    public float* B2;

    /// <summary>Floats from one row of B and B₂ to the next.</summary>
    public nint BStride;

    public float* C;

    /// <summary>Floats from one row of C, and of <see cref="Mask"/>, to the next.</summary>
    public nint CStride;

    /// <summary>Row [Columns] at which the sums start. Null: at 0, or at C with <see cref="Accumulate"/>.</summary>
    public float* Bias;

    /// <summary>Whether the product is added to C. Cannot be combined with a bias.</summary>
    public bool Accumulate;

    /// <summary>Whether f(x) = max(x, 0); NaN stays NaN.</summary>
    public bool Relu;

    /// <summary>Matrix [Rows, Columns] for f(x) = x where it is greater than 0, else 0: the slope of ReLU. Null: no mask.</summary>
    public float* Mask;
}

using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Dense;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;
using D = System.Runtime.Intrinsics.Vector512<double>;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Baselines;

/// <summary>Muon's approximate orthogonalization of a matrix by a quintic Newton-Schulz iteration (Jordan et al. 2024).</summary>
/// <remarks>
/// X = M / (‖M‖ + 1e-7), Frobenius norm; five times X ← a X + (b A + c A²) X with A = X Xᵀ: singular values go to between about 0.7 and
/// 1.2. A is formed on the shorter side, as X ← X (a I + b A + c A²) with A = Xᵀ X for a tall X, and a wide one is transposed: the same
/// polynomial of the singular values. In float throughout, where the original uses bfloat16. Each element of a product is one chain of
/// fused multiply-adds, so the bits are the same on every machine. NaN and ∞ make all elements NaN. Owned by one slot.
/// </remarks>
internal sealed unsafe class NewtonSchulz : IDisposable
{
    private const int Iterations = 5;
    private const float A = 3.4445f, B = -4.7750f, C = 2.0315f;
    private const double NormFloor = 1e-7;

    private readonly AlignedBuffer _x;
    private readonly AlignedBuffer _next;
    private readonly AlignedBuffer _gram;
    private readonly AlignedBuffer _polynomial;

    /// <param name="shapes">Rows and columns of the matrices that will come.</param>
    public NewtonSchulz(IReadOnlyCollection<(int Rows, int Columns)> shapes)
    {
        long tall = shapes.Max(s => (long)Math.Max(s.Rows, s.Columns) * RowPacking.Stride(Math.Min(s.Rows, s.Columns)));
        long square = shapes.Max(s => (long)Math.Min(s.Rows, s.Columns) * RowPacking.Stride(Math.Min(s.Rows, s.Columns)));
        (_x, _next, _gram, _polynomial) = (new(tall), new(tall), new(square), new(square));
    }

    /// <summary>Orthogonalizes a matrix in place. No allocation.</summary>
    /// <param name="matrix">Row-major, rows × columns, then zeros to a multiple of 16.</param>
    public void Orthogonalize(Span<float> matrix, int rows, int columns)
    {
        int length = Math.Max(rows, columns), side = Math.Min(rows, columns), stride = RowPacking.Stride(side);
        var elements = matrix[..(rows * columns)];
        VectorKernels.Scale((float)(1 / (Norm(matrix) + NormFloor)), elements, elements);
        fixed (float* m = matrix)
        {
            float* x = _x.Pointer, next = _next.Pointer;
            if (rows >= columns)
            {
                RowPacking.Pad(m, rows, columns, x, stride);
            }
            else
            {
                _x.Slice(0, length * stride).Clear();
                Transposition.Transpose(m, columns, rows, columns, x, stride);
            }

            for (int i = 0; i < Iterations; i++)
            {
                Iterate(x, next, length, side, stride);
                float* last = x;
                x = next;
                next = last;
            }

            if (rows >= columns) RowPacking.Unpad(x, stride, rows, columns, m, accumulate: false);
            else Transposition.Transpose(x, stride, columns, rows, m, columns);
        }
    }

    public void Dispose()
    {
        _x.Dispose();
        _next.Dispose();
        _gram.Dispose();
        _polynomial.Dispose();
    }

    /// <summary>Computes next = x (a I + b xᵀx + c (xᵀx)²) for a tall x [length, side].</summary>
    private void Iterate(float* x, float* next, int length, int side, int stride)
    {
        float* gram = _gram.Pointer, polynomial = _polynomial.Pointer;
        DenseKernels.Multiply(new DenseProduct
        {
            Rows = side,
            Depth = length,
            Columns = stride,
            A = x,
            ARowStride = 1,
            ADepthStride = stride,
            B = x,
            BStride = stride,
            C = gram,
            CStride = stride,
        });
        DenseKernels.Multiply(new DenseProduct
        {
            Rows = side,
            Depth = side,
            Columns = stride,
            A = gram,
            ARowStride = stride,
            ADepthStride = 1,
            B = gram,
            BStride = stride,
            C = polynomial,
            CStride = stride,
        });
        V b = Vector512.Create(B), c = Vector512.Create(C);
        for (int i = 0; i < side * stride; i += VectorMath.Lanes)
            Vector512.FusedMultiplyAdd(c, Vector512.Load(polynomial + i), b * Vector512.Load(gram + i)).Store(polynomial + i);
        for (int i = 0; i < side; i++) polynomial[(i * stride) + i] += A;
        DenseKernels.Multiply(new DenseProduct
        {
            Rows = length,
            Depth = side,
            Columns = stride,
            A = x,
            ARowStride = stride,
            ADepthStride = 1,
            B = polynomial,
            BStride = stride,
            C = next,
            CStride = stride,
        });
    }

    /// <summary>Frobenius norm, summed in double in a fixed order.</summary>
    private static double Norm(ReadOnlySpan<float> padded)
    {
        D low = D.Zero, high = D.Zero;
        fixed (float* m = padded)
        {
            for (int i = 0; i < padded.Length; i += ParameterLayout.Padding)
            {
                V x = Vector512.Load(m + i);
                DoubleMath.AddProduct(x, x, ref low, ref high);
            }
        }

        return Math.Sqrt(DoubleMath.Sum(low + high));
    }
}

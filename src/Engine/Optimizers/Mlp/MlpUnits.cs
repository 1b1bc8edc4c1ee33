using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Numerics.Memory;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.Optimizers.Mlp;

/// <summary>
/// What the kernels read of θ: rows of 32, one number a hidden unit, with the normalisers of the tensor at hand folded in.
/// </summary>
/// <remarks>Owned by one <see cref="MlpOptimizer"/>; overwritten from tensor to tensor.</remarks>
internal sealed unsafe class MlpUnits(MlpShape shape) : IDisposable
{
    /// <summary>b1 + the inputs that are the same for all parameters of a tensor: time, constants, the task's, the tensor's.</summary>
    public const int Bias = 0;

    /// <summary>Effective weight of the first base vector; the other six follow.</summary>
    public const int Vectors = 1;

    /// <summary>Index of W2[:, 0], the weights of the direction.</summary>
    public const int Direction = Vectors + MlpShape.BaseVectors;

    /// <summary>Index of W2[:, 1], the weights of the magnitude.</summary>
    public const int Magnitude = Direction + 1;

    private const int Rows = Magnitude + 1;
    private const int Lanes = VectorMath.Lanes;

    private readonly AlignedBuffer _rows = new(Rows * MlpShape.Hidden);
    private readonly AlignedBuffer _rowSquares = new(Lanes);
    private readonly AlignedBuffer _scaleSquares = ScaleSquares(shape);
    private readonly AlignedBuffer _normalizers = new(Lanes);
    private readonly AlignedBuffer _stepBias = new(MlpShape.Hidden);
    private readonly float[] _tensorInputs = new float[shape.TensorInputs];

    public float* Pointer => _rows.Pointer;

    /// <summary>r of each of the shape's VectorRows, on the tensor at hand: rsqrt(1e-5 + mean square of scale × base vector).</summary>
    public ReadOnlySpan<float> Normalizers => _normalizers.Span;

    /// <summary>The inputs that all parameters of the tensor at hand share; empty if the shape has none.</summary>
    public ReadOnlySpan<float> TensorInputs => _tensorInputs;

    /// <summary>b2: of the direction, of the magnitude.</summary>
    public (float Direction, float Magnitude) OutputBias { get; private set; }

    /// <summary>The parts that all tensors share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PrepareStep(float* theta, ReadOnlySpan<float> inputs)
    {
        float* rows = _rows.Pointer;
        V low = Vector512.Load(theta + shape.Bias1), high = Vector512.Load(theta + shape.Bias1 + Lanes);
        for (int k = 0; k < inputs.Length; k++) Add(theta, shape.FirstStepRow + k, inputs[k], ref low, ref high);
        foreach (var (row, value) in shape.ConstantRows) Add(theta, row, value, ref low, ref high);
        low.Store(rows);
        high.Store(rows + Lanes);
        low.Store(_stepBias.Pointer);
        high.Store(_stepBias.Pointer + Lanes);

        float* output = theta + shape.Weights2;
        for (int j = 0; j < MlpShape.Hidden; j++)
        {
            rows[(Direction * MlpShape.Hidden) + j] = output[2 * j];
            rows[(Magnitude * MlpShape.Hidden) + j] = output[(2 * j) + 1];
        }

        OutputBias = (theta[shape.Bias2], theta[shape.Bias2 + 1]);
    }

    /// <summary>Normalisers and effective weights of a tensor of n parameters, from its sums of squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PrepareTensor(float* theta, float* squareSums, int n)
    {
        var vectorRows = shape.VectorRows;
        float* squares = _rowSquares.Pointer;
        for (int r = 0; r < vectorRows.Length; r++) squares[r] = squareSums[vectorRows[r].Vector];
        V meanSquares = Vector512.Load(squares) / Vector512.Create((float)n) * Vector512.Load(_scaleSquares.Pointer);
        (V.One / Vector512.Sqrt(Vector512.Create(MlpShape.NormalizerEpsilon) + meanSquares)).Store(_normalizers.Pointer);

        float* weights = _rows.Pointer + (Vectors * MlpShape.Hidden);
        for (int k = 0; k < MlpShape.BaseVectors * MlpShape.Hidden; k += Lanes) V.Zero.Store(weights + k);
        for (int r = 0; r < vectorRows.Length; r++)
        {
            var (row, vector, scale) = vectorRows[r];
            float* to = weights + (vector * MlpShape.Hidden);
            V low = Vector512.Load(to), high = Vector512.Load(to + Lanes);
            Add(theta, row, scale * _normalizers.Pointer[r], ref low, ref high);
            low.Store(to);
            high.Store(to + Lanes);
        }

        if (_tensorInputs.Length > 0) AddTensorInputs(theta, squareSums, n);
    }

    public void Dispose()
    {
        _stepBias.Dispose();
        _rows.Dispose();
        _rowSquares.Dispose();
        _scaleSquares.Dispose();
        _normalizers.Dispose();
    }

    private void AddTensorInputs(float* theta, float* squareSums, int n)
    {
        TensorFeatures.Fill(new ReadOnlySpan<float>(squareSums, MlpShape.BaseVectors), n, _tensorInputs);
        V low = Vector512.Load(_stepBias.Pointer), high = Vector512.Load(_stepBias.Pointer + Lanes);
        for (int k = 0; k < _tensorInputs.Length; k++) Add(theta, shape.FirstTensorRow + k, _tensorInputs[k], ref low, ref high);
        low.Store(_rows.Pointer + (Bias * MlpShape.Hidden));
        high.Store(_rows.Pointer + (Bias * MlpShape.Hidden) + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* theta, int row, float factor, ref V low, ref V high)
    {
        float* weights = theta + (row * MlpShape.Hidden);
        V scale = Vector512.Create(factor);
        low = Vector512.FusedMultiplyAdd(scale, Vector512.Load(weights), low);
        high = Vector512.FusedMultiplyAdd(scale, Vector512.Load(weights + Lanes), high);
    }

    private static AlignedBuffer ScaleSquares(MlpShape shape)
    {
        var buffer = new AlignedBuffer(Lanes);
        for (int r = 0; r < shape.VectorRows.Length; r++) buffer.Span[r] = shape.VectorRows[r].Scale * shape.VectorRows[r].Scale;
        return buffer;
    }
}

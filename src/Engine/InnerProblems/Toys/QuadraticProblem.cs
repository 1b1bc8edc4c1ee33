using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace LoptCluster.Engine.InnerProblems.Toys;

/// <summary>Quadratic problem ℓ(w) = ½ (w - c)ᵀ A (w - c) with a symmetric A, without data (§2.4, App. A, B).</summary>
public sealed unsafe class QuadraticProblem : IInnerProblem
{
    private readonly int _dimensions;
    private readonly int _stride;
    private readonly AlignedBuffer _matrix;
    private readonly AlignedBuffer _center;
    private readonly AlignedBuffer _difference;
    private readonly AlignedBuffer _product;

    /// <param name="matrix">Matrix A [n, n], row-major, symmetric.</param>
    /// <param name="center">Minimum c [n].</param>
    public QuadraticProblem(ReadOnlySpan<float> matrix, ReadOnlySpan<float> center)
    {
        int n = center.Length;
        if (n == 0 || matrix.Length != (long)n * n)
            throw new ArgumentException($"A has '{matrix.Length}' elements. Pass {(long)n * n} for {n} dimensions.", nameof(matrix));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (matrix[(i * n) + j] != matrix[(j * n) + i])
                    throw new ArgumentException(
                        $"A is not symmetric: A[{i}, {j}] and A[{j}, {i}] differ. Pass a symmetric matrix.", nameof(matrix));
            }
        }

        _dimensions = n;
        Layout = new ParameterLayout(("w", [n]));
        _stride = Layout.PaddedLength;
        _matrix = new AlignedBuffer((long)n * _stride);
        _center = new AlignedBuffer(_stride);
        _difference = new AlignedBuffer(_stride);
        _product = new AlignedBuffer(_stride);
        for (int i = 0; i < n; i++) matrix.Slice(i * n, n).CopyTo(_matrix.Slice((long)i * _stride, n));
        center.CopyTo(_center.Span);
    }

    public ParameterLayout Layout { get; }

    public int InputLength => 0;

    public int MaxMinibatch => 0;

    public (double Gradient, double HessianVector) Flops(int minibatchSize)
    {
        double product = 2.0 * _dimensions * _dimensions;
        return (product + (3.0 * _dimensions), product);
    }

    /// <summary>Draws w from N(0, 1), because a quadratic has no fan-in to scale by.</summary>
    public void Initialize(ref RandomStream random, Span<float> w)
    {
        w[..Layout.PaddedLength].Clear();
        random.FillNormal(w[.._dimensions]);
    }

    public double Loss(ReadOnlySpan<float> w, Minibatch batch)
    {
        ProblemArguments.CheckVector(this, w.Length, nameof(w));
        var difference = _difference.Span[.._dimensions];
        var center = _center.Span;
        for (int i = 0; i < difference.Length; i++) difference[i] = w[i] - center[i];
        Multiply(_difference.Pointer);
        var product = _product.Span;
        double sum = 0;
        for (int i = 0; i < difference.Length; i++) sum += (double)difference[i] * product[i];
        return 0.5 * sum;
    }

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient)
    {
        ProblemArguments.CheckVector(this, gradient.Length, nameof(gradient));
        double loss = Loss(w, batch);
        gradient[_dimensions..Layout.PaddedLength].Clear();
        _product.Span[.._dimensions].CopyTo(gradient);
        return loss;
    }

    public void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator)
    {
        ProblemArguments.CheckVector(this, v.Length, nameof(v));
        ProblemArguments.CheckVector(this, accumulator.Length, nameof(accumulator));
        fixed (float* pv = v) Multiply(pv);
        var product = _product.Span;
        for (int i = 0; i < _dimensions; i++) accumulator[i] += product[i];
    }

    public void Dispose()
    {
        _matrix.Dispose();
        _center.Dispose();
        _difference.Dispose();
        _product.Dispose();
    }

    /// <summary>Sets _product to A d, as a sum of rows, which equal the columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Multiply(float* d)
    {
        for (int c = 0; c < _stride; c += ParameterLayout.Padding)
        {
            float* a = _matrix.Pointer + c;
            V even = V.Zero, odd = V.Zero;
            int i = 0;
            for (; i + 2 <= _dimensions; i += 2, a += 2 * (nint)_stride)
            {
                even = Vector512.FusedMultiplyAdd(Vector512.Load(a), Vector512.Create(d[i]), even);
                odd = Vector512.FusedMultiplyAdd(Vector512.Load(a + _stride), Vector512.Create(d[i + 1]), odd);
            }

            if (i < _dimensions) even = Vector512.FusedMultiplyAdd(Vector512.Load(a), Vector512.Create(d[i]), even);
            (even + odd).Store(_product.Pointer + c);
        }
    }
}

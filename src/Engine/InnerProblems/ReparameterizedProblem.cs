using System.Runtime.Intrinsics;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Numerics.Elementwise;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.InnerProblems;

/// <summary>
/// A problem in other coordinates: the optimizer's w is v = w / s of the problem's own, with a factor s for each tensor. The function that
/// is trained is the same; its gradient is s ∇ℓ(s v), and its Hessian-vector product s ∇²ℓ(s v) (s u).
/// </summary>
/// <remarks>An augmentation: an optimizer that is trained on it cannot rely on the scale of a tensor's weights.</remarks>
internal sealed class ReparameterizedProblem : IInnerProblem
{
    private readonly IInnerProblem _problem;
    private readonly float[] _scales;
    private readonly float[] _w;
    private readonly float[] _direction;
    private readonly float[] _product;

    /// <param name="problem">The problem in its own coordinates; disposed with this one.</param>
    /// <param name="scales">s of each tensor.</param>
    public ReparameterizedProblem(IInnerProblem problem, float[] scales)
    {
        _problem = problem;
        _scales = scales;
        _w = new float[Layout.PaddedLength];
        _direction = new float[_w.Length];
        _product = new float[_w.Length];
    }

    public ParameterLayout Layout => _problem.Layout;

    public int InputLength => _problem.InputLength;

    public int MaxMinibatch => _problem.MaxMinibatch;

    /// <summary>The problem in the coordinates of its id, or the problem itself if the specification asks for none.</summary>
    public static IInnerProblem Of(IInnerProblem problem, RunSpecification specification, long problemId)
    {
        if (!IsAsked(specification)) return problem;
        var random = new RandomStream(specification.Seed, RandomPurpose.ParameterScale, problemId);
        double most = Log(specification.ParameterScale);
        float[] scales = new float[problem.Layout.Tensors.Length];
        foreach (ref float scale in scales.AsSpan()) scale = (float)Exp(most * ((2 * random.NextDouble()) - 1));
        return new ReparameterizedProblem(problem, scales);
    }

    public static bool IsAsked(RunSpecification specification) => specification.ParameterScale > 1;

    public (double Gradient, double HessianVector) Flops(int minibatchSize) => _problem.Flops(minibatchSize);

    public (double Gradient, double HessianVector) ExecutedFlops(int minibatchSize) => _problem.ExecutedFlops(minibatchSize);

    public double HessianVectorFlopsWithIntermediates(int minibatchSize) => _problem.HessianVectorFlopsWithIntermediates(minibatchSize);

    public int IntermediatesLength(int minibatchSize) => _problem.IntermediatesLength(minibatchSize);

    public void Initialize(ref RandomStream random, Span<float> w)
    {
        _problem.Initialize(ref random, w);
        for (int i = 0; i < _scales.Length; i++)
        {
            var tensor = Layout.Tensors[i];
            VectorKernels.Scale(1 / _scales[i], w.Slice(tensor.Offset, tensor.Length), w.Slice(tensor.Offset, tensor.Length));
        }
    }

    public double Loss(ReadOnlySpan<float> w, Minibatch batch) => _problem.Loss(Own(w), batch);

    public (double Loss, double Accuracy) LossAndAccuracy(ReadOnlySpan<float> w, Minibatch batch) =>
        _problem.LossAndAccuracy(Own(w), batch);

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient) =>
        LossAndGradient(w, batch, gradient, []);

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient, Span<float> intermediates)
    {
        double loss = _problem.LossAndGradient(Own(w), batch, gradient, intermediates);
        Scale(gradient, gradient);
        return loss;
    }

    public void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator) =>
        AddHessianVectorProduct(w, v, batch, [], accumulator);

    public void AddHessianVectorProduct(
        ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, ReadOnlySpan<float> intermediates, Span<float> accumulator)
    {
        ProblemArguments.CheckVector(this, v.Length, nameof(v));
        ProblemArguments.CheckVector(this, accumulator.Length, nameof(accumulator));
        Scale(v, _direction);
        Array.Clear(_product);
        _problem.AddHessianVectorProduct(Own(w), _direction, batch, intermediates, _product);
        for (int i = 0; i < _scales.Length; i++)
        {
            var tensor = Layout.Tensors[i];
            VectorKernels.AddScaled(
                _scales[i], _product.AsSpan(tensor.Offset, tensor.Length), accumulator.Slice(tensor.Offset, tensor.Length));
        }
    }

    public void Dispose() => _problem.Dispose();

    /// <summary>Managed code, so that the bits are the same on every machine.</summary>
    private static double Exp(double x) => Vector128.Exp(Vector128.CreateScalar(x)).ToScalar();

    private static double Log(double x) => Vector128.Log(Vector128.CreateScalar(x)).ToScalar();

    /// <summary>w in the problem's own coordinates.</summary>
    private ReadOnlySpan<float> Own(ReadOnlySpan<float> w)
    {
        ProblemArguments.CheckVector(this, w.Length, nameof(w));
        Scale(w, _w);
        return _w;
    }

    private void Scale(ReadOnlySpan<float> from, Span<float> to)
    {
        for (int i = 0; i < _scales.Length; i++)
        {
            var tensor = Layout.Tensors[i];
            VectorKernels.Scale(_scales[i], from.Slice(tensor.Offset, tensor.Length), to.Slice(tensor.Offset, tensor.Length));
        }
    }
}

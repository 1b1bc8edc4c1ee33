using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using LoptCluster.Torch.Libtorch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>Torch module as inner-problem ℓ(x; w): gradient by autograd, exact Hessian-vector product by differentiating twice.</summary>
/// <remarks>
/// Owned by one thread, like every inner-problem. ℓ is a function of w and the minibatch alone: the module stays in training mode, so batch
/// normalisation uses the minibatch's statistics; buffers (such as running statistics) are restored before every call; and the module's
/// random numbers (dropout) depend on the minibatch, so that a step's loss, gradient and Hessian-vector product use the same ones. Buffers
/// and frozen parameters are derived from the run's seed and equal in every inner-problem.
/// </remarks>
public sealed class TorchInnerProblem : IInnerProblem
{
    private readonly TorchModule _definition;
    private readonly TorchTask _task;
    private readonly Module<Tensor, Tensor> _module;
    private readonly SeededForward _forward;
    private readonly ModuleParameters _parameters;
    private readonly ModuleBuffers _buffers;
    private readonly MinibatchTensors _minibatch;

    /// <summary>Creates the module, seeded with the run's seed.</summary>
    /// <param name="seed">Seed of the run, which determines buffers and frozen parameters.</param>
    /// <exception cref="UserErrorException">The module has no usable trainable parameter.</exception>
    public TorchInnerProblem(TorchModule definition, TorchTask task, int maxMinibatch, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMinibatch, 1);
        _definition = definition;
        _task = task;
        MaxMinibatch = maxMinibatch;
        _module = Create(seed);
        _forward = new SeededForward(_module);
        _parameters = new ModuleParameters(definition.Name, _module);
        _buffers = new ModuleBuffers(_module);
        _minibatch = new MinibatchTensors(task.Images, maxMinibatch);
    }

    public ParameterLayout Layout => _parameters.Layout;

    public int InputLength => _task.Images.Length;

    public int MaxMinibatch { get; }

    /// <summary>Floating-point operations are unknown: NaN.</summary>
    public (double Gradient, double HessianVector) Flops(int minibatchSize) => (double.NaN, double.NaN);

    /// <summary>Fills w with the values that the module's own initialisation draws.</summary>
    public void Initialize(ref RandomStream random, Span<float> w)
    {
        using var module = Create(((long)random.NextUInt32() << 31) ^ random.NextUInt32());
        var parameters = new ModuleParameters(_definition.Name, module);
        if (parameters.Layout.Fingerprint != Layout.Fingerprint)
            throw new UserErrorException(
                $"The torch module '{_definition.Name}' was created with {Layout.Fingerprint}, then with {parameters.Layout.Fingerprint}. "
                    + "Create it with the same parameter names and shapes every time.");
        parameters.Get(w);
    }

    public double Loss(ReadOnlySpan<float> w, Minibatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Evaluate(w, batch).ToDouble();
    }

    /// <remarks>The accuracy of an output [B, classes]; NaN if the module's output has another shape.</remarks>
    public (double Loss, double Accuracy) LossAndAccuracy(ReadOnlySpan<float> w, Minibatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        double loss = Evaluate(w, batch, out var output, out var labels).ToDouble();
        if (output.dim() != 2 || output.shape[1] != _task.Classes) return (loss, double.NaN);
        var right = output.argmax(1).eq(labels).logical_and(output.isnan().any(1).logical_not());
        return (loss, right.to(ScalarType.Float64).mean().ToDouble());
    }

    public double LossAndGradient(ReadOnlySpan<float> w, Minibatch batch, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gradient.Length, Layout.PaddedLength);
        using var scope = NewDisposeScope();
        var loss = Evaluate(w, batch);
        gradient[..Layout.PaddedLength].Clear();
        double value = loss.ToDouble();
        if (!loss.requires_grad) return value;
        var gradients = autograd.grad([loss], _parameters.Tensors, allow_unused: true);
        for (int i = 0; i < gradients.Count; i++)
        {
            if (IsThere(gradients[i])) gradients[i].contiguous().Floats().CopyTo(gradient[Layout.Tensors[i].Offset..]);
        }

        return value;
    }

    /// <remarks>Computes ∇(∇ℓ · v): the gradient's graph is differentiated once more.</remarks>
    public void AddHessianVectorProduct(ReadOnlySpan<float> w, ReadOnlySpan<float> v, Minibatch batch, Span<float> accumulator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(v.Length, Layout.PaddedLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(accumulator.Length, Layout.PaddedLength);
        using var scope = NewDisposeScope();
        var loss = Evaluate(w, batch);
        if (!loss.requires_grad) return;
        var gradients = autograd.grad([loss], _parameters.Tensors, retain_graph: true, create_graph: true, allow_unused: true);
        var along = new List<Tensor>();
        var directions = new List<Tensor>();
        for (int i = 0; i < gradients.Count; i++)
        {
            if (!IsThere(gradients[i]) || !gradients[i].requires_grad) continue;
            along.Add(gradients[i]);
            directions.Add(Direction(v, Layout.Tensors[i]));
        }

        if (along.Count == 0) return;
        var products = autograd.grad(along, _parameters.Tensors, directions, allow_unused: true);
        for (int i = 0; i < products.Count; i++)
        {
            if (!IsThere(products[i])) continue;
            var to = accumulator.Slice(Layout.Tensors[i].Offset, Layout.Tensors[i].Length);
            var product = products[i].contiguous().Floats();
            for (int k = 0; k < to.Length; k++) to[k] += product[k];
        }
    }

    public void Dispose()
    {
        _minibatch.Dispose();
        _buffers.Dispose();
        _module.Dispose();
    }

    private Module<Tensor, Tensor> Create(long seed)
    {
        try
        {
            var module = SeededForward.Seeded(seed, () => _definition.Create(_task));
            module.train();
            return module;
        }
        catch (Exception e) when (ModuleFaults.IsUsers(e))
        {
            throw ModuleFaults.Of(_definition.Name, "its construction", e);
        }
    }

    private Tensor Evaluate(ReadOnlySpan<float> w, Minibatch batch) => Evaluate(w, batch, out _, out _);

    private Tensor Evaluate(ReadOnlySpan<float> w, Minibatch batch, out Tensor output, out Tensor labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(w.Length, Layout.PaddedLength);
        if (batch.Size < 1 || batch.Size > MaxMinibatch)
            throw new ArgumentException($"The minibatch has '{batch.Size}' examples. Pass 1 to {MaxMinibatch}.", nameof(batch));
        _parameters.Set(w);
        _buffers.Restore();
        (var inputs, labels) = _minibatch.Fill(batch);
        output = Forward(inputs, batch);
        var loss = Loss(output, labels);
        if (loss.numel() != 1)
        {
            throw new UserErrorException(
                $"The loss of the torch module '{_definition.Name}' has shape '{Shape(loss)}'. "
                + "Return one number, the mean over the minibatch.");
        }
        return loss;
    }

    private Tensor Forward(Tensor inputs, Minibatch batch)
    {
        try
        {
            return _forward.Run(inputs, batch);
        }
        catch (Exception e) when (ModuleFaults.IsUsers(e))
        {
            throw ModuleFaults.Of(_definition.Name, $"its forward pass on images {Shape(inputs)}", e);
        }
    }

    private Tensor Loss(Tensor output, Tensor labels)
    {
        try
        {
            return _definition.Loss(output, labels);
        }
        catch (Exception e) when (ModuleFaults.IsUsers(e))
        {
            throw ModuleFaults.Of(_definition.Name, $"its loss, of an output {Shape(output)} and labels {Shape(labels)}", e);
        }
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static Tensor Direction(ReadOnlySpan<float> v, ParameterTensor place)
    {
        var direction = empty(place.Shape.Select(s => (long)s).ToArray());
        v.Slice(place.Offset, place.Length).CopyTo(direction.Floats());
        return direction;
    }

    /// <summary>Whether a gradient exists: a parameter that the loss does not use has none.</summary>
    private static bool IsThere(Tensor? gradient) => gradient is not null && !gradient.IsInvalid;
}

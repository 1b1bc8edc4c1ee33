using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Parameters;
using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>A torch module as ℓ(x; w): gradient by autograd, exact Hessian-vector product by differentiating twice.</summary>
/// <remarks>
/// One thread's, like every inner-problem. ℓ is a function of w and the minibatch alone: the module stays in training mode, so batch
/// normalisation uses the minibatch's statistics; buffers (running statistics and the like) are set back to their start before every call; and
/// what the module draws at random (dropout) is decided by the minibatch, the same in a step's loss, gradient and Hessian-vector product.
/// Buffers and frozen parameters come from the run's seed and are the same in every inner-problem.
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

    /// <param name="seed">Of the run: of buffers and frozen parameters.</param>
    /// <exception cref="UserErrorException">The module has no parameter that can be trained here.</exception>
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

    /// <summary>NaN: the operations of a torch module are not known.</summary>
    public (double Gradient, double HessianVector) Flops(int minibatchSize) => (double.NaN, double.NaN);

    /// <summary>What the module's own initialisation draws.</summary>
    public void Initialize(ref RandomStream random, Span<float> w)
    {
        using var module = Create(((long)random.NextUInt32() << 31) ^ random.NextUInt32());
        var parameters = new ModuleParameters(_definition.Name, module);
        if (parameters.Layout.Fingerprint != Layout.Fingerprint)
            throw new UserErrorException($"The torch module '{_definition.Name}' came out as {Layout.Fingerprint}, then as {parameters.Layout.Fingerprint}: its parameters must not depend on chance.");
        parameters.Get(w);
    }

    public double Loss(ReadOnlySpan<float> w, Minibatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return Evaluate(w, batch).ToDouble();
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
            if (IsThere(gradients[i])) ModuleParameters.Floats(gradients[i].contiguous()).CopyTo(gradient[Layout.Tensors[i].Offset..]);
        }

        return value;
    }

    /// <remarks>∇(∇ℓ · v): the tape of the gradient is differentiated once more.</remarks>
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
            var product = ModuleParameters.Floats(products[i].contiguous());
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

    private Tensor Evaluate(ReadOnlySpan<float> w, Minibatch batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(w.Length, Layout.PaddedLength);
        if (batch.Size < 1 || batch.Size > MaxMinibatch) throw new ArgumentException($"A minibatch of {batch.Size} examples: 1 to {MaxMinibatch} were allowed for.", nameof(batch));
        _parameters.Set(w);
        _buffers.Restore();
        var (inputs, labels) = _minibatch.Fill(batch);
        var output = Forward(inputs, batch);
        var loss = Loss(output, labels);
        if (loss.numel() != 1) throw new UserErrorException($"The loss of the torch module '{_definition.Name}' has shape {Shape(loss)}: it must be one number, the mean over the minibatch.");
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
        v.Slice(place.Offset, place.Length).CopyTo(ModuleParameters.Floats(direction));
        return direction;
    }

    /// <summary>A parameter that the loss does not use has no gradient.</summary>
    private static bool IsThere(Tensor? gradient) => gradient is not null && !gradient.IsInvalid;
}

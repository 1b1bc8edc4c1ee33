using LoptCluster.Engine.Numerics.Memory;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Optimizers.Mlp;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Torch.Libtorch;
using static TorchSharp.torch;

namespace LoptCluster.Torch.Optimizers;

/// <summary>Applies the engine's kernels to the memory of torch tensors.</summary>
/// <remarks>
/// The kernels write whole vectors of 16 floats, so a contiguous tensor whose length is a multiple of 16 is updated in place; any other is
/// copied to padded scratch memory and back, which costs a hundredth of the update.
/// </remarks>
internal sealed unsafe class TensorUpdater(ThetaFileContent content, UpdateSettings settings) : IDisposable
{
    private readonly MlpTensorUpdate _update = new(content.Optimizer, content.Theta.Values.Span, settings);
    private AlignedBuffer _g = new(0);
    private AlignedBuffer _w = new(0);

    public void BeginStep(long t) => _update.BeginStep(t);

    public void Update(Tensor parameter, Tensor gradient, MomentaState state, double factor)
    {
        using var scope = NewDisposeScope();
        bool inPlace = parameter.is_contiguous();
        var w = inPlace ? parameter : parameter.contiguous();
        // The gradient may be sparse, of another precision, or strided, as convolutions leave it.
        var g = (gradient.is_sparse ? gradient.to_dense() : gradient).to(ScalarType.Float32).contiguous();
        fixed (float* gs = g.Floats(), ws = w.Floats())
        {
            if (state.Stride == state.Length) _update.Update(gs, ws, state.Pointer, state.Length, state.Stride, factor);
            else Padded(gs, ws, state, factor);
        }

        if (!inPlace) parameter.copy_(w);
    }

    public void Dispose()
    {
        _update.Dispose();
        _g.Dispose();
        _w.Dispose();
    }

    private void Padded(float* g, float* w, MomentaState state, double factor)
    {
        if (_g.Length < state.Stride)
        {
            _g.Dispose();
            _w.Dispose();
            (_g, _w) = (new AlignedBuffer(state.Stride), new AlignedBuffer(state.Stride));
        }

        Copy(g, _g.Pointer);
        Copy(w, _w.Pointer);
        _update.Update(_g.Pointer, _w.Pointer, state.Pointer, state.Length, state.Stride, factor);
        new Span<float>(_w.Pointer, state.Length).CopyTo(new Span<float>(w, state.Length));

        void Copy(float* from, float* to)
        {
            new Span<float>(from, state.Length).CopyTo(new Span<float>(to, state.Length));
            new Span<float>(to + state.Length, state.Stride - state.Length).Clear();
        }
    }
}

using static TorchSharp.torch;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>
/// Buffers of a module (such as batch normalisation's running statistics), which are restored before every call, so that no step affects
/// another.
/// </summary>
internal sealed class ModuleBuffers : IDisposable
{
    private readonly List<(Tensor Live, Tensor Start)> _buffers;

    public ModuleBuffers(nn.Module module) =>
        _buffers = [.. module.named_buffers().Select(b => (b.buffer, b.buffer.detach().clone().DetachFromDisposeScope()))];

    public void Restore()
    {
        if (_buffers.Count == 0) return;
        using var noGradient = no_grad();
        foreach (var (live, start) in _buffers) live.copy_(start);
    }

    public void Dispose()
    {
        foreach (var (_, start) in _buffers) start.Dispose();
    }
}

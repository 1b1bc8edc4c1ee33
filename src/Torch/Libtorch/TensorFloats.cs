using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LoptCluster.Torch.Libtorch;

/// <summary>Access to the memory of torch tensors.</summary>
internal static class TensorFloats
{
    /// <summary>Elements of a contiguous float32 tensor on the CPU, in place.</summary>
    public static Span<float> Floats(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}

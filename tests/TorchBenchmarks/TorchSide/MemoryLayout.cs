namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>How activations and convolution weights lie in memory.</summary>
internal enum MemoryLayout
{
    /// <summary>Images [B, C, H, W], weights [out, in, kh, kw]: libtorch's default.</summary>
    ChannelsFirst,

    /// <summary>Images [B, H, W, C], weights [out, kh, kw, in], seen through strides: what oneDNN likes best.</summary>
    ChannelsLast,
}

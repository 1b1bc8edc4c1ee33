namespace LoptCluster.TorchBenchmarks.TorchSide;

/// <summary>One way to run the libtorch side; the best of them is measured.</summary>
internal readonly record struct Variant(MemoryLayout Layout, bool OneDnn)
{
    public override string ToString() =>
        $"{(Layout == MemoryLayout.ChannelsLast ? "channels last" : "channels first")}, oneDNN {(OneDnn ? "on" : "off")}";
}

using LoptCluster.Engine.Datasets;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>What a module is made for.</summary>
/// <param name="Images">The module's input is [B, Channels, Size, Size], float32.</param>
/// <param name="Classes">Of a task: labels are 0 … Classes − 1, int64.</param>
public readonly record struct TorchTask(ImageShape Images, int Classes);

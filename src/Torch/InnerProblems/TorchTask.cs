using LoptCluster.Engine.Datasets;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>Task that a module is created for.</summary>
/// <param name="Images">Shape of the images: the module's input is [B, Channels, Size, Size], float32.</param>
/// <param name="Classes">Number of classes in a task: labels are 0 … Classes − 1, int64.</param>
public readonly record struct TorchTask(ImageShape Images, int Classes);

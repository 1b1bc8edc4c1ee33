using System.Globalization;
using LoptCluster.Torch.InnerProblems;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.Tests.Modules;

/// <summary>The modules that tests train.</summary>
internal static class TestModules
{
    /// <summary>Hidden units of <see cref="Net"/> in this process; 8 if not set.</summary>
    public const string UnitsVariable = "LOPT_TEST_UNITS";

    private static readonly int Units = int.TryParse(
        Environment.GetEnvironmentVariable(UnitsVariable), CultureInfo.InvariantCulture, out int units)
        ? units
        : 8;

    /// <summary>The engine's nets, written in torch, with the engine's parameters in the engine's order.</summary>
    public static TorchModule Net { get; } = new("net", task => new EngineNet(task.Images.Length, Units, task.Classes));

    public static TorchModule Convnet { get; } = new("convnet", task => new EngineConvnet(task.Images.Channels, 16, task.Classes));

    /// <summary>Twice differentiable, so that finite differences converge.</summary>
    public static TorchModule Smooth { get; } = new(
        "smooth", task => Sequential(Flatten(), Linear(task.Images.Length, 6), Tanh(), Linear(6, task.Classes)));

    public static TorchModule Normalized { get; } = new("normalized", task => Sequential(
        Conv2d(task.Images.Channels, 4, 3, padding: 1L), BatchNorm2d(4), Tanh(), Flatten(), Linear(
            4 * task.Images.Size * task.Images.Size, task.Classes)));

    public static TorchModule Dropped { get; } = new(
        "dropped", task => Sequential(Flatten(), Linear(task.Images.Length, 16), Tanh(), Dropout(0.5), Linear(16, task.Classes)));

    public static TorchModule Odd { get; } = new("odd", task => new OddNet(task.Images.Length, task.Classes));

    public static TorchModule Crashing { get; } = new(
        "crashing", task => new CrashingNet(new EngineNet(task.Images.Length, 8, task.Classes)));

    /// <summary>A user's mistake: a linear layer for other images.</summary>
    public static TorchModule Misfit { get; } = new("misfit", task => new MisfitNet(task.Images.Length + 1, task.Classes));

    public static TorchModules All { get; } = new(Net, Convnet, Smooth, Normalized, Dropped, Crashing, Misfit);

    /// <summary>Mean squared error against one-hot labels.</summary>
    public static Tensor Squared(Tensor output, Tensor labels)
    {
        var difference = output - functional.one_hot(labels, output.shape[1]);
        return difference.mul(difference).mean();
    }
}

using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;

namespace LoptCluster.Torch.Tests.Optimizers;

/// <summary>θ files in a temporary folder.</summary>
internal sealed class ThetaFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Steps large enough to be seen.</summary>
    public static RunSpecification Specification(OptimizerKind kind) => new() { Optimizer = kind, StepScale = 1e-2, ExponentScale = 1e-2 };

    public string In(string name) => _folder.PathOf(name);

    /// <param name="card">Write its card too.</param>
    public string Write(OptimizerKind kind, bool card = true) => Write(Specification(kind), card);

    /// <inheritdoc cref="Write(OptimizerKind, bool)"/>
    public string Write(RunSpecification specification, bool card = true)
    {
        string path = In($"{specification.Optimizer}.safetensors");
        var content = new ThetaFileContent(
            new ThetaSnapshot(3, OptimizerFactory.InitialTheta(specification)), specification.Optimizer, "");
        ThetaFile.Write(path, content);
        if (card) ThetaCard.Write(path, content, specification);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}

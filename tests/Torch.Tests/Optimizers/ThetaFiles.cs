using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Torch.Tests.Optimizers;

/// <summary>θ files in a folder of the test's.</summary>
internal sealed class ThetaFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lopt-torch-");

    /// <summary>Steps large enough to be seen.</summary>
    public static RunSpecification Specification(OptimizerKind kind) => new() { Optimizer = kind, StepScale = 1e-2, ExponentScale = 1e-2 };

    public string In(string name) => Path.Combine(_folder.FullName, name);

    /// <param name="card">Write its card too.</param>
    public string Write(OptimizerKind kind, bool card = true)
    {
        var specification = Specification(kind);
        string path = In($"{kind}.safetensors");
        var content = new ThetaFileContent(new ThetaSnapshot(3, OptimizerFactory.InitialTheta(specification)), kind, "");
        ThetaFile.Write(path, content);
        if (card) ThetaCard.Write(path, content, specification);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

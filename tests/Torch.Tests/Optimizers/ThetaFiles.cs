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

    /// <param name="kind">Its optimizer.</param>
    /// <param name="card">Write its card too.</param>
    /// <param name="complete">Write what the update depends on into the file.</param>
    public string Write(OptimizerKind kind, bool card = true, bool complete = true) => Write(Specification(kind), card, complete);

    /// <inheritdoc cref="Write(OptimizerKind, bool, bool)"/>
    public string Write(RunSpecification specification, bool card = true, bool complete = true)
    {
        string path = In($"{specification.Optimizer}.safetensors");
        var content = ThetaFileContent.Of(new ThetaSnapshot(3, OptimizerFactory.InitialTheta(specification)), specification, "");
        ThetaFile.Write(path, complete ? content : content with { Constants = null });
        if (card) ThetaCard.Write(path, content, specification);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}

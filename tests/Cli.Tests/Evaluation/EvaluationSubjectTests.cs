using LoptCluster.Cli.Evaluation;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Run;
using LoptCluster.Shared.Specification;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Evaluation;

public sealed class EvaluationSubjectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EvaluationSubjectTests()
    {
        var content = new ThetaFileContent(new ThetaSnapshot(5, new float[610]), OptimizerKind.Mlp16, "run");
        ThetaFile.Write(File, content);
        ThetaCard.Write(File, content, PresetCatalog.Load("quickstart", "stepScale=0.02", "innerSteps=77"));
    }

    private string File => _folder.PathOf("theta.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_NoPreset_ComparesOnWhatItWasTrainedFor()
    {
        var subject = EvaluationSubject.Load(File, null, null, []);

        Assert.Equal(77, subject.Specification.InnerSteps);
    }

    [Fact]
    public void Load_OtherPreset_TakesItsTasksAndTheOptimizersOwnScales()
    {
        var subject = EvaluationSubject.Load(File, "paper-code", null, []);

        Assert.Equal(10_000, subject.Specification.InnerSteps);
        Assert.Equal(OptimizerKind.Mlp16, subject.Specification.Optimizer);
        Assert.Equal(0.02, subject.Specification.StepScale);
    }

    [Fact]
    public void Load_DataFolder_AsksForFiles() =>
        Assert.Equal(DatasetKind.Files, EvaluationSubject.Load(File, null, "/somewhere", []).Specification.Dataset);

    [Fact]
    public void Load_NeitherPresetNorCard_SaysWhatToGive()
    {
        System.IO.File.Delete(ThetaCard.PathOf(File));

        Assert.EndsWith(
            "Name the tasks with --preset.", Assert.Throws<UserErrorException>(() => EvaluationSubject.Load(File, null, null, [])).Message);
    }

    [Fact]
    public void Load_PresetWithoutCard_TakesTheConstantsOfTheFileOrRefusesIt()
    {
        System.IO.File.Delete(ThetaCard.PathOf(File));
        Assert.Contains(
            "does not say what its update depends on",
            Assert.Throws<UserErrorException>(() => EvaluationSubject.Load(File, "quickstart", null, [])).Message,
            StringComparison.Ordinal);

        var trained = PresetCatalog.Load("quickstart", "stepScale=0.03", "stepDecay=linear");
        ThetaFile.Write(File, ThetaFileContent.Of(new ThetaSnapshot(5, new float[610]), trained, "run"));
        var specification = EvaluationSubject.Load(File, "paper", null, []).Specification;
        Assert.Equal((0.03, StepDecay.Linear), (specification.StepScale, specification.StepDecay));
    }

    [Fact]
    public void Load_DamagedCard_NamesIt()
    {
        System.IO.File.WriteAllText(ThetaCard.PathOf(File), "{");

        Assert.StartsWith(
            $"'{ThetaCard.PathOf(File)}' is not usable",
            Assert.Throws<UserErrorException>(() => EvaluationSubject.Load(File, null, null, [])).Message);
    }
}

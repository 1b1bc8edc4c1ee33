using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Studies;

public sealed class StudyCommandTests : IDisposable
{
    private const string Small = """
        [set]
        imageSize = 6
        hiddenUnits = [8]
        trainImagesPerClass = 12
        validImagesPerClass = 6
        minibatchSize = 8
        innerSteps = 40
        truncationFirst = 5
        truncationLast = 10
        batchSamples = 4
        outerUpdates = 12
        truncationRampUpdates = 5
        evaluateEveryUpdates = 4
        evaluationTasks = 2
        comparisonTasks = 2

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Study_OfSeveralPoints_TrainsEachAndComparesThem()
    {
        var study = await StudyAsync(Small + "[axes]\nestimator = [\"es\", \"nres\"]\nseed = [1]");

        Assert.True(study.Status == 0, study.Error + study.Output);
        string page = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "study", "study.html"));
        Assert.Contains("2 of 2 runs", page);
        Assert.Contains("<svg", page);
        var curves = XDocument.Load(Path.Combine(_folder.Path, "study", "curves.svg"));
        var legend = curves.Root!.Elements().Where(e => e.Name.LocalName == "text").Select(e => e.Value);
        Assert.Equal(["estimator=es", "estimator=nres"], legend);
        foreach (string run in (string[])["estimator=es_seed=1", "estimator=nres_seed=1"])
            Assert.True(File.Exists(Path.Combine(_folder.Path, "study", run, "theta.safetensors")), run);
        Assert.Matches(new Regex(@"estimator=nres\s+1\s+\d"), study.Output);

        var runs = await CliRun.OfAsync("runs", Path.Combine(_folder.Path, "study"));
        Assert.Equal(2, Regex.Count(runs.Output, "estimator=(es|nres)_seed=1"));
    }

    [Fact]
    public async Task Study_OneCaseDiverges_ItsLossSaysSoAndTheOtherTrains()
    {
        var study = await StudyAsync(Small + """
            [[cases]]
            name = "diverging"
            estimator = "rp"
            stepScale = 1000
            outerLearningRate = 10
            [[cases]]
            name = "sound"
            """);

        Assert.True(study.Status == 0, study.Error + study.Output);
        // Its nets are at the cap of 10 nats from the first steps on.
        Assert.Matches(new Regex(@"diverging\s+1\s+(9\.[5-9]|10\.0)"), study.Output);
        Assert.Matches(new Regex(@"sound\s+1\s+[0-3]\.\d"), study.Output);
    }

    [Fact]
    public async Task Study_Again_KeepsWhatIsFinished()
    {
        await StudyAsync(Small + "[axes]\nseed = [1]");
        string theta = Path.Combine(_folder.Path, "study", "seed=1", "theta.safetensors");
        var written = File.GetLastWriteTimeUtc(theta);

        var again = await StudyAsync(Small + "[axes]\nseed = [1, 2]", "--json");

        Assert.True(again.Status == 0, again.Error);
        Assert.Contains("2 runs of preset 'quickstart', 1 finished before", again.Error);
        var runs = JsonNode.Parse(again.Output)!.AsArray();
        Assert.Equal(["seed=1", "seed=2"], runs.Select(run => (string)run!["run"]!));
        Assert.All(runs, run => Assert.InRange((double)run!["heldOutLoss"]!, 0, 10));
        Assert.Equal(written, File.GetLastWriteTimeUtc(theta));
    }

    [Fact]
    public async Task Study_StoppedRun_IsResumed()
    {
        string file = Write(Small.Replace("outerUpdates = 12", "outerUpdates = 100000") + "[axes]\nseed = [1]");
        var stopped = await CliRun.StoppedAsync("[0/1] seed=1: started", "study", file, "--folder", Path.Combine(_folder.Path, "study"));

        Assert.Equal(130, stopped.Status);
        Assert.Contains($"To continue: lopt study {file}", stopped.Output);
    }

    [Fact]
    public async Task Study_OneRunFails_TheOthersAreTrained()
    {
        // The memory of a slot does not hold the larger net.
        string values = Small.Replace("hiddenUnits = [8]\n", "slotMemoryMegabytes = 1\n");
        var study = await StudyAsync(values + "[axes]\nhiddenUnits = [[8], [4096, 4096]]");

        Assert.Equal(1, study.Status);
        Assert.Contains("hiddenUnits=[4096, 4096] failed: ", study.Error);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "study", "hiddenUnits=_8_", "summary.json")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Study_FileChanged_TheRunOfAnotherSpecificationIsNeitherTouchedNorCounted(bool finished)
    {
        await StudyAsync(Small + "[axes]\nseed = [1]");
        string folder = Path.Combine(_folder.Path, "study", "seed=1");
        if (!finished) File.Delete(Path.Combine(folder, "summary.json"));

        var changed = await StudyAsync(Small.Replace("innerSteps = 40", "innerSteps = 50") + "[axes]\nseed = [1]");

        Assert.Equal(1, changed.Status);
        Assert.Contains("holds a run with innerSteps 40 instead of 50. The study file has changed", changed.Error);
        Assert.Contains("0 finished before", changed.Output);
        Assert.True(File.Exists(Path.Combine(folder, "run.db")));
    }

    [Fact]
    public async Task Study_NoFile_IsOneLine()
    {
        var study = await CliRun.OfAsync("study", "nothing.toml");

        Assert.Equal((2, "The study file 'nothing.toml' does not exist."), (study.Status, Assert.Single(study.ErrorLines)));
    }

    private Task<CliRun> StudyAsync(string toml, params string[] options) =>
        CliRun.OfAsync(["study", Write(toml), "--folder", Path.Combine(_folder.Path, "study"), .. options]);

    private string Write(string toml)
    {
        string file = Path.Combine(_folder.Path, "study.toml");
        File.WriteAllText(file, toml);
        return file;
    }
}

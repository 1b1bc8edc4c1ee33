using System.Text.Json.Nodes;
using LoptCluster.Cli.Tests.Documents;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared.Specification;
using Xunit;

namespace LoptCluster.Cli.Tests.Thetas;

public sealed class ThetaCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lopt-theta-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    public static TheoryData<string> Names => [.. ThetaCatalog.Names];

    [Fact]
    public async Task List_NamesEveryFileOfTheFolderWithItsObjectiveAndFigures()
    {
        string output = (await CliRun.OfAsync("theta", "list")).Output;

        string[] files = Directory.GetFiles(Path.Combine(GeneratedDocument.RepositoryRoot(), "theta"), "*.safetensors");
        Assert.Equal(
            files.Select(file => "theta:" + Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
            output.Split('\n').Where(line => line.StartsWith("theta:", StringComparison.Ordinal)));
        Assert.Contains("  for         validation loss, mlp20, T up to 2,000 inner-steps\n", output);
        Assert.Equal(files.Length, Count("  trained on  "));
        Assert.True(Count("  wins        ") >= files.Length && Count("  loses       ") >= files.Length);

        int Count(string start) => output.Split('\n').Count(line => line.StartsWith(start, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_AsJson_HasTheSameThetas()
    {
        var thetas = JsonNode.Parse((await CliRun.OfAsync("theta", "list", "--json")).Output)!.AsArray();

        Assert.Equal(ThetaCatalog.Names.Select(name => "theta:" + name), thetas.Select(theta => (string)theta!["name"]!));
        var conv = thetas.Single(theta => (string)theta!["name"]! == "theta:mixture-conv")!;
        Assert.Equal("train", (string)conv["objective"]!);
        Assert.Equal("mixture-conv", (string)conv["preset"]!);
        Assert.Equal(1000, (int)conv["horizonInnerSteps"]!);
        Assert.NotEmpty(conv["loses"]!.AsArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Copy_WritesTheFilesOfTheFolderByteForByte(string name)
    {
        string path = Path.Combine(_root, "mine.safetensors");

        var run = await CliRun.OfAsync("theta", "copy", name, "-o", path);

        Assert.Equal(0, run.Status);
        string shipped = Path.Combine(GeneratedDocument.RepositoryRoot(), "theta", name);
        Assert.Equal(File.ReadAllBytes(shipped + ".safetensors"), File.ReadAllBytes(path));
        Assert.Equal(File.ReadAllBytes(shipped + ".card.json"), File.ReadAllBytes(Path.Combine(_root, "mine.card.json")));
    }

    [Fact]
    public async Task Copy_UnwritablePath_SaysWhichAndWhatToDo()
    {
        string file = Path.Combine(_root, "none");
        await File.WriteAllTextAsync(file, "a file where the folder would be", TestContext.Current.CancellationToken);

        var run = await CliRun.OfAsync("theta", "copy", "mixture-train", "-o", Path.Combine(file, "theta.safetensors"));

        Assert.Equal(2, run.Status);
        Assert.Contains("none/theta.safetensors' cannot be written", Assert.Single(run.ErrorLines));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Show_IsThePresetFileThatTrainedIt(string name)
    {
        var run = await CliRun.OfAsync("theta", "show", "theta:" + name);

        string toml = await File.ReadAllTextAsync(
            Path.Combine(GeneratedDocument.RepositoryRoot(), "theta", name + ".toml"), TestContext.Current.CancellationToken);
        Assert.Equal(
            SpecificationJson.Serialize(PresetFile.Parse(toml, "shipped.toml")),
            SpecificationJson.Serialize(PresetFile.Parse(run.Output, "shown.toml")));
    }

    [Theory]
    [InlineData("evaluate", "theta:mixture-trian")]
    [InlineData("evaluate", "theta:mixture-train", "--against", "theta:mixture-trian")]
    [InlineData("train", "--from", "theta:mixture-trian")]
    [InlineData("coordinator", "--preset", "mixture", "--listen", "127.0.0.1:0", "--web", "off", "--from", "theta:mixture-trian")]
    [InlineData("theta", "copy", "theta:mixture-trian")]
    public async Task UnknownName_IsRefusedWithTheNearest(params string[] args)
    {
        string[] run = args[0] is "train" or "coordinator" ? ["--run", Path.Combine(_root, "run")] : [];

        var result = await CliRun.OfAsync([.. args, .. run]);

        Assert.Equal(2, result.Status);
        string error = Assert.Single(result.ErrorLines);
        Assert.Contains("'theta:mixture-trian' is not a θ that ships with lopt. Did you mean 'theta:mixture-train'?", error);
        Assert.Contains("theta:mixture-conv", error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public async Task Card_OfAFileThatLostItsMetadata_LetsItBeUsedAgain()
    {
        string path = Path.Combine(_root, "saved.safetensors");
        ThetaCatalog.Copy("mixture-train", path);
        File.Delete(ThetaCard.PathOf(path));
        byte[] file = File.ReadAllBytes(path);
        var header = JsonNode.Parse(file.AsSpan(8, (int)BitConverter.ToInt64(file)))!.AsObject();
        byte[] tensors = file[(8 + (int)BitConverter.ToInt64(file))..];
        header.Remove("__metadata__");
        byte[] bare = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)bare.Length), .. bare, .. tensors]);
        string[] evaluate = ["evaluate", path, "--preset", "quickstart", "--json", "--set", "comparisonTasks=1", "--set", "innerSteps=20"];
        string refused = Assert.Single((await CliRun.OfAsync(evaluate)).ErrorLines);
        Assert.EndsWith($"or write it anew: lopt theta card {path} --preset PRESET", refused, StringComparison.Ordinal);

        var card = await CliRun.OfAsync("theta", "card", path, "--preset", "mixture");

        Assert.True(card.Status == 0, card.Error);
        Assert.Equal(
            ThetaCatalog.Get("mixture-train").Content.Constants,
            ThetaCard.Complete(path, ThetaFile.Read(path)).Constants);
        Assert.Equal(0, (await CliRun.OfAsync(evaluate)).Status);
    }

    [Fact]
    public void From_NamedTheta_BeginsARunWithItsValuesAndItsOrigin()
    {
        var start = WarmStart.Load("theta:mixture-train", new RunSpecification { Optimizer = OptimizerKind.Mlp16 });

        var shipped = ThetaCatalog.Get("mixture-train");
        Assert.Equal(shipped.Content.Theta.Values.ToArray(), start.Theta.Values.ToArray());
        Assert.Equal(("theta:mixture-train", 600, "mixture"), (start.Origin.File, start.Origin.Version, start.Origin.RunName));
        Assert.Equal("theta:mixture-train", WarmStart.PlaceOf("theta:mixture-train"));
    }

    [Fact]
    public async Task Evaluate_NamedTheta_ComparesItOnTheTasksOfItsCard()
    {
        var run = await CliRun.OfAsync(
            "evaluate", "theta:mixture-train", "--json", "--set", "comparisonTasks=1", "--set",
            "tasks=[{ innerSteps = 20, hiddenUnits = [8] }]");

        Assert.Equal(0, run.Status);
        var summary = JsonNode.Parse(run.Output)!;
        Assert.Equal(
            ("mixture", "train", 600, 20),
            ((string)summary["preset"]!, (string)summary["objective"]!, (int)summary["thetaVersion"]!, (int)summary["horizonInnerSteps"]!));
    }
}

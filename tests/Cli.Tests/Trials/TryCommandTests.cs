using System.Text.Json.Nodes;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Cli.Tests.Trials;

public sealed class TryCommandTests : IDisposable
{
    private static readonly string[] Short =
        ["try", "--seconds", "0.01", "--set", "innerSteps=20", "hiddenUnits=[8]", "trainImagesPerClass=20", "validImagesPerClass=5"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Try_NoImages_SaysInWordsWhetherAThetaWinsAndWhatNext()
    {
        var run = await CliRun.OfAsync([.. Short, "--theta", "mixture-train"]);

        Assert.True(run.Status == 0, run.Error);
        Assert.Contains("theta:mixture-train", run.Output);
        Assert.Matches("beats tuned Adam here: its mean training loss is lower on|None of these θ reliably beats tuned Adam", run.Output);
        Assert.Contains("All train for 20 inner-steps.", run.Output);
        Assert.Contains("lopt theta show mixture-train > mine.toml\n", run.Output);
        Assert.Contains("lopt train --preset mine.toml --from theta:mixture-train\n", run.Output);
        Assert.Matches("Training takes about [0-9:]+ on the", run.Output);
    }

    [Fact]
    public async Task Try_AsJson_HasTheSharesOfEachTheta()
    {
        var run = await CliRun.OfAsync([.. Short, "--theta", "mixture-train", "mixture-valid", "--json"]);

        Assert.True(run.Status == 0, run.Error);
        var result = JsonNode.Parse(run.Output)!;
        Assert.Equal(["theta:mixture-train", "theta:mixture-valid"], result["trials"]!.AsArray().Select(t => (string)t!["theta"]!));
        Assert.All(result["trials"]!.AsArray(), t =>
        {
            Assert.InRange((double)t!["shareWon"]!, 0, 1);
            Assert.Equal(Math.Min(Environment.ProcessorCount, 32), (int)t["tasks"]!);
        });
        Assert.True((double)result["trainingSeconds"]! > 1);
    }

    /// <summary>All images and classes are used, but a fifth for validation: a user's folder may have few.</summary>
    [Fact]
    public async Task Try_FolderOfFewImages_TakesThemAll()
    {
        for (int label = 0; label < 3; label++) WriteClass($"class{label}", 10, (byte)(40 + (80 * label)));

        var run = await CliRun.OfAsync(
            "try", "--data", _folder.Path, "--seconds", "0.01", "--theta", "mixture-train", "--set", "innerSteps=20", "hiddenUnits=[8]");

        Assert.True(run.Status == 0, run.Error);
        Assert.Contains("30 images, 3 classes", run.Output);
        Assert.Contains($"lopt evaluate theta:mixture-train --data {_folder.Path} --set outerTrainShare=0 -o comparison\n", run.Output);
    }

    [Fact]
    public async Task Try_UnusableImages_IsTheReasonAndNoTheta()
    {
        var run = await CliRun.OfAsync("try", "--data", _folder.PathOf("missing"), "--seconds", "0.01");

        Assert.Equal(2, run.Status);
        Assert.Contains(_folder.PathOf("missing"), Assert.Single(run.ErrorLines));
    }

    /// <summary>A grey bitmap of 16×16 pixels, 24 bits each.</summary>
    private static byte[] Bitmap(byte[] grey)
    {
        byte[] header = new byte[54];
        header[0] = (byte)'B';
        header[1] = (byte)'M';
        (header[10], header[14], header[18], header[22], header[26], header[28]) = (54, 40, 16, 16, 1, 24);
        return [.. header, .. grey.SelectMany(g => new[] { g, g, g })];
    }

    private void WriteClass(string name, int count, byte grey)
    {
        string folder = _folder.PathOf(name);
        Directory.CreateDirectory(folder);
        for (int i = 0; i < count; i++)
        {
            byte[] pixels = [.. Enumerable.Range(0, 16 * 16).Select(p => (byte)(grey + ((p * (i + 3)) % 31)))];
            File.WriteAllBytes(Path.Combine(folder, $"{i}.bmp"), Bitmap(pixels));
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Shared;
using LoptCluster.TestKit;
using Xunit;

namespace LoptCluster.Engine.Tests.Evaluation;

/// <summary>The trace is read as docs/THETA.md describes it, and the training made again from it.</summary>
public sealed class InnerTraceTests : IDisposable
{
    private const int Steps = 4;

    /// <summary>The engine's update rounds once more or less than the loop here.</summary>
    private const float Tolerance = 1e-5f;
    private readonly TemporaryFolder _folder = new();
    private readonly InnerTrainer _trainer = new(SmallEvaluation.Specification, SmallEvaluation.Dataset);

    private string Path => _folder.PathOf("trace.safetensors");

    public void Dispose()
    {
        _trainer.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Record_Replayed_GivesItsLossesGradientsAndEnd()
    {
        const float Rate = 0.1f;
        _trainer.Enter(ClassSplit.OuterTest, 2);
        Record(Rate);

        var (metadata, tensors) = Read(Path);
        var setting = _trainer.Setting;
        Assert.Equal("60", (string?)metadata["inner_steps"]);
        Assert.Equal($"{setting.Tasks.TrainingImages}", (string?)metadata["training_images"]);
        using var problem = InnerProblemFactory.BuiltIn.Create(setting, InnerTrainer.FirstTaskId + 2);
        int batch = setting.Specification.MinibatchSize;
        float[] gradient = new float[problem.Layout.PaddedLength];
        float[] w = Parameters("start", 0);
        for (int t = 0; t < Steps; t++)
        {
            Assert.Equal(Numbers<double>("train.loss")[t], problem.LossAndGradient(w, Minibatch("train", t), gradient), Tolerance);
            Assert.Equal(Numbers<double>("valid.loss")[t], problem.Loss(w, Minibatch("valid", t)), Tolerance);
            Assert.All(gradient.Zip(Parameters("gradient", t)), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
            for (int i = 0; i < w.Length; i++) w[i] = MathF.FusedMultiplyAdd(-Rate, gradient[i], w[i]);
        }

        float[] end = Parameters("end", 0);
        Assert.All(w.Zip(end), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
        Assert.NotEqual(Parameters("start", 0), end);

        T[] Numbers<T>(string tensor)
            where T : struct => MemoryMarshal.Cast<byte, T>(tensors[tensor]).ToArray();
        Minibatch Minibatch(string split, int t) => new(
            Numbers<float>($"{split}.inputs").AsSpan(t * batch * problem.InputLength, batch * problem.InputLength),
            Numbers<int>($"{split}.labels").AsSpan(t * batch, batch));
        float[] Parameters(string part, int t) => problem.Layout.Pad(
            problem.Layout.Tensors.SelectMany(p => Numbers<float>($"{part}.{p.Name}").Skip(t * p.Length).Take(p.Length)).ToArray());
    }

    [Fact]
    public void Record_TrainingDiverges_SaysAtWhichStep()
    {
        _trainer.Enter(ClassSplit.OuterTest, 0);
        var error = Assert.Throws<UserErrorException>(() => Record(1e30f));
        Assert.Contains("not finite after inner-step", error.Message, StringComparison.Ordinal);
    }

    private void Record(float rate)
    {
        using var sgd = OptimizerFamilies.Sgd.Create(_trainer.Layout, new UpdateSettings(60));
        using var trace = new InnerTrace(Path, _trainer.Setting, _trainer.Layout, Steps);
        _trainer.Record(sgd, [MathF.Log(rate)], trace, default);
    }

    private static (JsonObject Metadata, Dictionary<string, byte[]> Tensors) Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        var header = JsonNode.Parse(file.AsSpan(8, length))!.AsObject();
        var tensors = header.Where(entry => entry.Key != "__metadata__").ToDictionary(
            entry => entry.Key,
            entry => file[(8 + length + (int)entry.Value!["data_offsets"]![0]!)..(8 + length + (int)entry.Value["data_offsets"]![1]!)]);
        return (header["__metadata__"]!.AsObject(), tensors);
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Minibatches;
using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.Parameters;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using Microsoft.Win32.SafeHandles;

namespace LoptCluster.Engine.Evaluation;

/// <summary>
/// A safetensors file of the first N inner-steps of a training: what another implementation needs to make them again, and what it must
/// find. docs/THETA.md describes it.
/// </summary>
/// <remarks>
/// Tensors, where NAME is that of a tensor of w: <c>start.NAME</c> and <c>end.NAME</c>, w before the first step and after the last;
/// <c>gradient.NAME</c> [N, …]; <c>train.inputs</c> [N, B, …], <c>train.labels</c> [N, B], <c>train.loss</c> [N] of the training
/// minibatches, and the same of the validation minibatches under <c>valid</c>. Losses are in nats, at w(t). The file is written step by
/// step, so that a trace needs no memory. Owned by one thread.
/// </remarks>
public sealed class InnerTrace : IDisposable
{
    private readonly Dictionary<string, (long Offset, long StepBytes)> _tensors = [];
    private readonly ParameterLayout _layout;
    private readonly SafeFileHandle _file;

    /// <param name="path">File to write.</param>
    /// <param name="setting">The problem that is traced.</param>
    /// <param name="layout">Tensors of its w.</param>
    /// <param name="steps">N.</param>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public InnerTrace(string path, ProblemSetting setting, ParameterLayout layout, int steps)
    {
        (_layout, Steps) = (layout, steps);
        var update = UpdateSettings.Of(setting);
        var header = new JsonObject
        {
            [SafetensorsHeader.Metadata] = new JsonObject
            {
                ["format"] = "lopt-trace",
                ["format_version"] = "1",
                ["engine_version"] = EngineVersion.Current,
                ["kind"] = setting.Kind,
                ["inner_steps"] = Text(update.InnerSteps),
                ["training_images"] = Text(update.TrainingImages),
                ["minibatch_size"] = Text(update.MinibatchSize),
            },
        };
        long length = 0;
        var image = setting.Tasks.ImageShape;
        int batch = setting.Specification.MinibatchSize;
        foreach (string split in (string[])["train", "valid"])
        {
            Add($"{split}.loss", "F64", sizeof(double), []);
            Add($"{split}.inputs", "F32", sizeof(float), [batch, image.Size, image.Size, image.Channels]);
            Add($"{split}.labels", "I32", sizeof(int), [batch]);
        }

        foreach (var tensor in layout.Tensors)
        {
            Add($"gradient.{tensor.Name}", "F32", sizeof(float), tensor.Shape);
            Add($"start.{tensor.Name}", "F32", sizeof(float), tensor.Shape, isOfSteps: false);
            Add($"end.{tensor.Name}", "F32", sizeof(float), tensor.Shape, isOfSteps: false);
        }

        byte[] bytes = SafetensorsHeader.ToBytes(header);
        foreach (var (name, (offset, stepBytes)) in _tensors) _tensors[name] = (offset + bytes.Length, stepBytes);
        try
        {
            _file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, preallocationSize: bytes.Length + length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' cannot be written: {e.Message.TrimEnd('.')}. Give another path.", e);
        }

        RandomAccess.SetLength(_file, bytes.Length + length);
        RandomAccess.Write(_file, bytes, 0);

        void Add(string name, string type, int size, IReadOnlyList<int> shape, bool isOfSteps = true)
        {
            long step = shape.Aggregate((long)size, (a, b) => a * b), end = length + (isOfSteps ? steps * step : step);
            header[name] = SafetensorsHeader.Entry(
                type, [.. isOfSteps ? (long[])[steps] : [], .. shape.Select(s => (long)s)], length, end);
            _tensors[name] = (length, step);
            length = end;
        }
    }

    /// <summary>Number N of the inner-steps that are recorded.</summary>
    public int Steps { get; }

    /// <summary>w before the first step, in its padded layout.</summary>
    internal void Start(ReadOnlySpan<float> w) => Write("start", 0, w);

    /// <summary>Step t's training minibatch, with the loss and its gradient at w(t).</summary>
    internal void Train(int t, Minibatch batch, double loss, ReadOnlySpan<float> gradient)
    {
        Write("train", t, batch, loss);
        Write("gradient", t, gradient);
    }

    /// <summary>Step t's validation minibatch, with the loss at w(t).</summary>
    internal void Valid(int t, Minibatch batch, double loss) => Write("valid", t, batch, loss);

    /// <summary>w after the last step.</summary>
    internal void End(ReadOnlySpan<float> w) => Write("end", 0, w);

    public void Dispose() => _file.Dispose();

    private void Write(string split, int t, Minibatch batch, double loss)
    {
        Write($"{split}.loss", t, MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in loss)));
        Write($"{split}.inputs", t, MemoryMarshal.AsBytes(batch.Inputs));
        Write($"{split}.labels", t, MemoryMarshal.AsBytes(batch.Labels));
    }

    private void Write(string part, int t, ReadOnlySpan<float> padded)
    {
        foreach (var tensor in _layout.Tensors)
            Write($"{part}.{tensor.Name}", t, MemoryMarshal.AsBytes(padded.Slice(tensor.Offset, tensor.Length)));
    }

    private void Write(string tensor, int t, ReadOnlySpan<byte> bytes)
    {
        var (offset, stepBytes) = _tensors[tensor];
        RandomAccess.Write(_file, bytes, offset + (t * stepBytes));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

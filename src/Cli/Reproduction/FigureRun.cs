using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Evaluation;
using LoptCluster.Engine.Benchmarking;
using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.Evaluation;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Reproduction;

/// <summary>One making of a figure: its sizes and images, and the records of experiments that are finished.</summary>
/// <param name="sizes">Numbers that decide the cost.</param>
/// <param name="data">Folder of image files; null: procedural images.</param>
/// <param name="records">Folder of the finished experiments' records, which is made.</param>
/// <param name="trainer">Trains the θ that the figure shows.</param>
/// <param name="cancellation">Stops it between two inner-steps. Finished experiments are kept.</param>
internal sealed class FigureRun(
    FigureSizes sizes, string? data, string records, IFigureTrainer trainer, CancellationToken cancellation)
{
    /// <summary>Preset whose tasks and network the figures without training use.</summary>
    private const string TaskPreset = "quickstart";

    private readonly ConcurrentDictionary<string, Lazy<IRunImages>> _images = [];
    private readonly Dictionary<string, bool> _trainings = [];
    private int _kept;

    public FigureSizes Sizes => sizes;

    public CancellationToken Cancellation => cancellation;

    /// <summary>Whether images are generated, not read from files.</summary>
    public bool IsProcedural => data is null;

    /// <summary>Experiments whose records were there before.</summary>
    public int Kept => _kept + _trainings.Values.Count(isKept => isKept);

    public IEnumerable<long> Seeds => Enumerable.Range(1, sizes.Seeds).Select(seed => (long)seed);

    /// <summary>The quickstart's tasks and network, or those of the image files, with some values changed.</summary>
    public RunSpecification Specification(long seed, params string[] assignments) =>
        PresetSelection.Load(TaskPreset, data, [$"seed={seed}", .. assignments]);

    /// <summary>Images of a specification, opened once.</summary>
    public IRunImages Images(RunSpecification specification) =>
        _images.GetOrAdd(
            SpecificationJson.Hash(specification), _ => new Lazy<IRunImages>(() => DatasetCatalog.OpenRun(specification, data))).Value;

    /// <summary>All runs of a study, trained where they are not on record.</summary>
    public IReadOnlyList<FigureTraining> Train(Func<FigureSizes, string?, FigureStudy> study)
    {
        var trained = trainer.Train(study(sizes, data), cancellation);
        // A figure may ask for the same runs more than once: its first question tells what was there before.
        foreach (var one in trained) _trainings.TryAdd(one.Folder.Path, one.IsKept);
        return trained;
    }

    /// <summary>A comparison of θ with other optimizers, on all cores, or from its record.</summary>
    /// <param name="specification">Tasks, and the form of θ.</param>
    /// <param name="theta">θ.</param>
    /// <param name="baselines">The other optimizers.</param>
    /// <param name="split">Part of the classes that the tasks are drawn from.</param>
    public Comparison Compare(
        RunSpecification specification, float[] theta, ImmutableArray<Baseline> baselines, ClassSplit split = ClassSplit.OuterTest)
    {
        Directory.CreateDirectory(records);
        var key = new StringBuilder($"compared {SpecificationJson.Hash(specification)} {split} {Hash(theta)}");
        foreach (var baseline in baselines)
        {
            key.Append(' ').Append(baseline.Name);
            foreach (float[] setting in baseline.Settings) key.Append(' ').Append(Hash(setting));
        }

        string record = Path.Combine(records, FileName(key.ToString(), "json"));
        if (File.Exists(record))
        {
            Interlocked.Increment(ref _kept);
            return ComparisonProcess.Read(record);
        }

        var images = Images(specification);
        var comparison = ComparisonRunner.Run(specification, images, theta, null, cancellation, baselines: baselines, split: split);
        comparison = StepTimeBenchmark.Measure(specification, images, theta, comparison, cancellation, baselines: baselines);
        ComparisonProcess.Write(record + ".part", comparison);
        File.Move(record + ".part", record, overwrite: true);
        return comparison;
    }

    /// <summary>Tables of several experiments in their order; on all cores, and without doing again what is on record.</summary>
    /// <param name="experiments">The experiments.</param>
    /// <param name="key">Everything that decides an experiment's table.</param>
    /// <param name="measure">Does one experiment.</param>
    public CsvTable[] Measure<T>(IReadOnlyList<T> experiments, Func<T, string> key, Func<T, CsvTable> measure)
    {
        Directory.CreateDirectory(records);
        var tables = new CsvTable[experiments.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, experiments.Count, options, i => tables[i] = OnRecord(key(experiments[i]), () => measure(experiments[i])));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return tables;
    }

    private CsvTable OnRecord(string key, Func<CsvTable> measure)
    {
        string record = Path.Combine(records, FileName(key, "csv"));
        if (File.Exists(record))
        {
            Interlocked.Increment(ref _kept);
            return CsvTable.Read(record);
        }

        var table = measure();
        table.Write(record);
        return table;
    }

    private static string Hash(float[] values) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values)).AsSpan(0, 8));

    private string FileName(string key, string extension)
    {
        string place = data is null ? "" : Path.GetFullPath(data);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{key}|{place}|{EngineVersion.Current}"));
        return $"{key.Split(' ')[0]}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}.{extension}";
    }
}

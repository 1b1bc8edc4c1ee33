using LoptCluster.Shared;
using LoptCluster.Shared.Randomness;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Datasets;

/// <summary>
/// Distribution of tasks over a dataset: its classes are split in two, and a task is some classes of one part, with their images split in
/// two (§4.2).
/// </summary>
/// <remarks>
/// Thread-safe, immutable. A dataset of 1,000 classes is split in order (0–699, 700–999), any other by one fixed shuffle: the held-out
/// classes depend on the dataset and <see cref="RunSpecification.OuterTrainShare"/> alone, so that θ can be evaluated by another run.
/// The classes and images of task i of a split depend on the run's seed.
/// </remarks>
public sealed class TaskDistribution
{
    private const int OrderedClassCount = 1_000;
    private const long ClassSplitSeed = 0;
    /// <summary>Fewest classes of a task.</summary>
    internal const int MinClasses = 2;

    /// <summary>What is wrong with an outerTrainShare of 0 if tasks for outer-training are wanted.</summary>
    public const string NoTrainingClasses =
        "outerTrainShare '0' leaves no classes for outer-training; it is for lopt evaluate. Choose a share from 0.05 to 0.95.";

    private readonly IImageDataset _dataset;
    private readonly RunSpecification _specification;
    private readonly int[][] _classes;

    /// <exception cref="UserErrorException">The dataset is too small for a task.</exception>
    public TaskDistribution(IImageDataset dataset, RunSpecification specification)
    {
        _dataset = dataset;
        _specification = specification;
        int[] order = ClassOrder(dataset.ClassCount);
        int train = (int)Math.Round(specification.OuterTrainShare * order.Length);
        bool allHeldOut = specification.OuterTrainShare == 0;
        if ((train < MinClasses && !allHeldOut) || order.Length - train < MinClasses)
            throw new UserErrorException(
                $"outerTrainShare '{specification.OuterTrainShare}' splits the {order.Length} classes of {dataset.Description} into "
                + $"{train} and {order.Length - train}. Each part needs at least {MinClasses}. {SplitAdvice(order.Length)}");
        long trainingImages = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (dataset.ImageCount(i) < 2)
                throw new UserErrorException(
                    $"Class {dataset.ClassName(i)} of {dataset.Description} has too few images, '{dataset.ImageCount(i)}'. Each class "
                    + "needs at least 2, one for inner-training and one for inner-validation: add images, or remove the class.");
            trainingImages += ImageCounts(dataset.ImageCount(i)).Train;
        }

        _classes = [order[..train], order[train..]];
        int available = allHeldOut ? order.Length : Math.Min(train, order.Length - train);
        ClassesPerTask = Math.Min(specification.TaskClasses, available);
        TrainingImages = trainingImages * ClassesPerTask / order.Length;
    }

    /// <summary>Number of classes per task: the outputs of a network that solves it.</summary>
    public int ClassesPerTask { get; }

    /// <summary>Number of images that a task trains on, of classes of average size.</summary>
    public long TrainingImages { get; }

    public ImageShape ImageShape => _dataset.Shape;

    /// <summary>Class numbers of the dataset that tasks of a split are drawn from.</summary>
    public ReadOnlySpan<int> Classes(ClassSplit split) => _classes[(int)split];

    /// <summary>Task number <paramref name="taskId"/> of a split, the same on every call and machine.</summary>
    /// <exception cref="UserErrorException">The split has no classes.</exception>
    public InnerTask Sample(ClassSplit split, long taskId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(taskId);
        int[] pool = _classes[(int)split];
        if (pool.Length == 0) throw new UserErrorException(NoTrainingClasses);
        int[] classes = new int[ClassesPerTask];
        new RandomStream(_specification.Seed, RandomPurpose.TaskClasses, taskId, (long)split).Choose(pool.Length, classes);
        int[][] train = new int[classes.Length][], valid = new int[classes.Length][];
        for (int i = 0; i < classes.Length; i++)
        {
            classes[i] = pool[classes[i]];
            (int trainCount, int validCount) = ImageCounts(_dataset.ImageCount(classes[i]));
            int[] images = new int[trainCount + validCount];
            new RandomStream(_specification.Seed, RandomPurpose.TaskImages, taskId, ((long)split << 16) + i)
                .Choose(_dataset.ImageCount(classes[i]), images);
            train[i] = images[..trainCount];
            valid[i] = images[trainCount..];
        }

        return new InnerTask { Dataset = _dataset, Classes = classes, TrainImages = train, ValidImages = valid };
    }

    /// <summary>
    /// Numbers of inner-train and inner-validation images of a class that has <paramref name="available"/>. By default a fifth is for
    /// validation, the rest for training. If the class has fewer than specified, both are reduced in proportion, to at least one.
    /// </summary>
    internal (int Train, int Valid) ImageCounts(int available)
    {
        long train = _specification.TrainImagesPerClass, valid = _specification.ValidImagesPerClass;
        if (valid == 0) valid = Math.Max(1, available / 5);
        if (train == 0) train = Math.Max(1, available - valid);
        if (train + valid <= available) return ((int)train, (int)valid);
        valid = Math.Clamp(available * valid / (train + valid), 1, available - 1);
        return ((int)(available - valid), (int)valid);
    }

    /// <summary>A share that can be used, if there is one.</summary>
    private static string SplitAdvice(int classes) => classes switch
    {
        < MinClasses => $"A dataset needs {MinClasses} classes to evaluate a θ on, and {2 * MinClasses} for outer-training.",
        < 2 * MinClasses => $"Outer-training needs {2 * MinClasses} classes; outerTrainShare=0 holds all of them out, to evaluate a θ.",
        _ => "outerTrainShare=0.5 splits them in halves; outerTrainShare=0 holds all of them out, to evaluate a θ.",
    };

    private static int[] ClassOrder(int classCount)
    {
        int[] order = new int[classCount];
        if (classCount == OrderedClassCount)
        {
            for (int i = 0; i < order.Length; i++) order[i] = i;
        }
        else
        {
            new RandomStream(ClassSplitSeed, RandomPurpose.ClassSplit).Choose(classCount, order);
        }

        return order;
    }
}

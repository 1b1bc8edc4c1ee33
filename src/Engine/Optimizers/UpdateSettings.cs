using LoptCluster.Engine.Datasets;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Optimizers;

/// <summary>Values of a run that its update depends on beside θ.</summary>
/// <param name="InnerSteps">T: inner-steps of a whole inner-problem, for schedules that are relative to it.</param>
public sealed record UpdateSettings(long InnerSteps)
{
    /// <summary>Time at the end of any training, where inputs count the share of the horizon.</summary>
    private const double HorizonTime = 1000;

    /// <summary>N: number of images that the task trains on; 0 without data. For the MLPs with inputs of the task only.</summary>
    public long TrainingImages { get; init; }

    /// <summary>B: number of images of a minibatch. For the MLPs with inputs of the task only.</summary>
    public int MinibatchSize { get; init; } = 1;

    /// <summary>λ_lin (App. D.1): scale of the step's direction. For the MLPs only.</summary>
    public double StepScale { get; init; } = 1e-3;

    /// <summary>How <see cref="StepScale"/> shrinks over the horizon. For the MLPs only.</summary>
    public StepDecay StepDecay { get; init; }

    /// <summary>What the time inputs count. For the MLPs only.</summary>
    public TimeInputs TimeInputs { get; init; }

    /// <summary>Whether the momenta are inputs. For the MLPs only.</summary>
    public bool MomentumInputs { get; init; } = true;

    /// <summary>λ_exp (App. D.1): scale of the step's log-magnitude. For the MLPs only.</summary>
    public double ExponentScale { get; init; } = 1e-3;

    /// <summary>Whether momentum is Nesterov's. For the families with momentum only.</summary>
    public bool Nesterov { get; init; }

    /// <summary>Settings of the problems of a specification without a mixture, as far as it tells them.</summary>
    public static UpdateSettings Of(RunSpecification specification) =>
        Of(specification, (long)specification.TrainImagesPerClass * specification.TaskClasses);

    /// <summary>Settings of a training as long as the longest that θ was trained on, without data.</summary>
    public static UpdateSettings Of(UpdateConstants constants) => new(constants.HorizonInnerSteps)
    {
        StepScale = constants.StepScale,
        StepDecay = constants.StepDecay,
        TimeInputs = constants.TimeInputs,
        MomentumInputs = constants.MomentumInputs,
        ExponentScale = constants.ExponentScale,
        Nesterov = constants.Nesterov,
    };

    /// <summary>Settings of one problem.</summary>
    public static UpdateSettings Of(ProblemSetting setting) =>
        Of(setting.Specification, setting.Specification.InnerProblem.IsClassifier() ? setting.Tasks.TrainingImages : 0);

    /// <summary>λ_lin of step t, from 0.</summary>
    public double StepScaleAt(long t) =>
        StepDecay == StepDecay.Linear ? StepScale * Math.Max(0, 1 - ((double)t / InnerSteps)) : StepScale;

    /// <summary>Time of step t, from 0, for the inputs: t, or the share of the horizon times 1,000, at most that.</summary>
    public double TimeAt(long t) => TimeInputs == TimeInputs.Horizon ? HorizonTime * Math.Min(1, (double)t / InnerSteps) : t;

    private static UpdateSettings Of(RunSpecification specification, long trainingImages) =>
        Of(UpdateConstants.Of(specification)) with
        {
            InnerSteps = specification.InnerSteps,
            TrainingImages = trainingImages,
            MinibatchSize = specification.MinibatchSize,
        };
}

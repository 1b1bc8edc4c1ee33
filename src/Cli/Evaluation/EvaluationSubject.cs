using LoptCluster.Cli.CommandLine;
using LoptCluster.Cli.Fleet;
using LoptCluster.Coordinator.Run;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;

namespace LoptCluster.Cli.Evaluation;

/// <summary>A θ file and the specification whose tasks it is compared on.</summary>
/// <remarks>
/// Tasks come from the preset, the optimizer from θ: its form, the scales of its steps (λ, App. D.1) and the form of its momentum are part
/// of what was trained, so they are those of the file, or of its card where the file does not say them.
/// </remarks>
internal sealed record EvaluationSubject(ThetaFileContent Content, RunSpecification Specification)
{
    /// <exception cref="UserErrorException">The file, its card or the preset is unusable, or there is neither preset nor card.</exception>
    public static EvaluationSubject Load(string path, string? preset, string? data, string[] assignments)
    {
        var (content, trained) = Read(path);
        var tasks = (preset, trained) switch
        {
            (null, null) => throw new UserErrorException(
                $"'{path}' has no card ('{ThetaCard.PathOf(path)}') that says what it was trained for. Name the tasks with --preset."),
            (null, { } own) => SpecificationKeys.Set(own, [.. data is null ? [] : (string[])["dataset=files"], .. assignments]),
            _ => PresetSelection.Load(preset, data, assignments),
        };
        if (!Directory.Exists(path)) content = ThetaCard.Complete(path, content);
        var constants = content.Constants!;
        var specification = tasks with
        {
            Optimizer = content.Optimizer,
            StepScale = constants.StepScale,
            StepDecay = constants.StepDecay,
            TimeInputs = constants.TimeInputs,
            MomentumInputs = constants.MomentumInputs,
            ExponentScale = constants.ExponentScale,
            Nesterov = constants.Nesterov,
        };
        return new EvaluationSubject(content, specification);
    }

    private static (ThetaFileContent Content, RunSpecification? Trained) Read(string path)
    {
        if (!Directory.Exists(path)) return (ThetaFile.Read(path), ThetaCard.ReadSpecification(path));
        if (RecordedComparison.Find(path) is { Origin: var compared })
        {
            throw new UserErrorException(
                $"The run in '{path}' compares a θ and trains none. Name that θ, of '{compared.File}'; 'lopt report {path}' writes the "
                    + "comparison's report.");
        }

        var (theta, content) = FolderTheta.BestOrLatest(RecordedThetas.Open(path));
        return (content, theta.Specification);
    }
}

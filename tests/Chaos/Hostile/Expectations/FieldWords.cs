using Google.Protobuf.Reflection;

namespace LoptCluster.Chaos.Hostile.Expectations;

/// <summary>By which words a refusal names a field: regular expressions.</summary>
internal static class FieldWords
{
    /// <summary>A message of too many bytes is refused before it is looked at.</summary>
    public const string TooLarge = "the message is an? ";

    /// <summary>The result of a part of a comparison that its sender does not have.</summary>
    public const string NotItsPart = @"part -?\d+ of the comparison is not assigned";

    private static readonly Dictionary<string, string> Words = new()
    {
        ["Hello.worker_id"] = "worker id",
        ["Hello.host"] = "worker's host",
        ["Hello.slots"] = "slots",
        ["Hello.engine_version"] = "engine",
        ["Hello.run_id"] = "run",
        ["Hello.held"] = "problem that it holds",
        ["Hello.dataset_fingerprint"] = "dataset",
        ["Hello.layout_fingerprint"] = "layout fingerprint|inner-problem",
        ["Hello.self_check"] = "self-check",
        ["Hello.instance"] = "worker's instance",
        ["Sample.problem_id"] = "problem",
        ["Sample.truncation"] = "truncation",
        ["Sample.theta_version"] = "θ version",
        ["Sample.start_step"] = "t0",
        ["Sample.steps"] = "k ",
        ["Sample.problem_finished"] = "finished|horizon",
        ["Sample.specification_hash"] = "specification hash",
        ["Sample.losses"] = "loss",
        ["Sample.gradients"] = "g_|gradient",
        ["Gradient.estimator"] = "g_|gradient",
        ["Gradient.outcome"] = "g_",
        ["Gradient.values"] = "g_",
        ["EvaluationResult.evaluation_id"] = "evaluation",
        ["EvaluationResult.mean_loss"] = "loss",
        ["EvaluationResult.final_loss"] = "loss",
        ["ComparisonPartResult.part_id"] = NotItsPart,
        ["ComparisonPartResult.losses"] = "loss|accurac",
        ["ComparisonPartResult.setting"] = "setting",
        ["ComparisonPartResult.train_curve"] = "curve|loss",
        ["ComparisonPartResult.valid_curve"] = "curve|loss",
        ["Heartbeat.dataset_fingerprint"] = "dataset",
        ["Heartbeat.layout_fingerprint"] = "inner-problem",
        ["StateChunk.data"] = "state",
    };

    /// <summary>The words of a field; of one that this table does not have, its name in the protocol.</summary>
    public static string Of(FieldDescriptor field) =>
        Words.GetValueOrDefault($"{field.ContainingType.Name}.{field.Name}", field.Name.Replace('_', ' '));
}

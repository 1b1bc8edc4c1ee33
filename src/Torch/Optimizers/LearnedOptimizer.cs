using LoptCluster.Engine.Optimizers;
using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.Torch.Libtorch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LoptCluster.Torch.Optimizers;

/// <summary>Optimizer of TorchSharp with a trained θ: <c>new LearnedOptimizer(module.parameters(), "theta.safetensors")</c>.</summary>
/// <remarks>
/// App. D.1: an MLP with one hidden layer, applied to each number independently, with normalisation per tensor. The engine's kernels
/// compute the same steps as in outer-training. There is no learning rate to tune; <c>LearningRate</c> is a factor on every step, 1 as
/// trained, which schedulers may change. Each parameter group counts its own steps t (an input of the MLP); a parameter without gradient
/// keeps its momenta. Not thread-safe. θ is trained for certain problems and a certain number of steps; its card names both.
/// </remarks>
public sealed class LearnedOptimizer : OptimizerHelper
{
    private readonly TensorUpdater _updater;

    /// <summary>Creates an optimizer of one parameter group from a file.</summary>
    /// <param name="parameters">Parameters to optimize: float32, contiguous, on the CPU.</param>
    /// <param name="thetaPath">
    /// Path of theta.safetensors, which says what its update depends on; if not, the card beside it must. Or theta:NAME of one that ships
    /// with the program, of those that 'lopt theta list' prints.
    /// </param>
    /// <param name="plan">The training ahead; only optimizers whose inputs or steps depend on it need it.</param>
    /// <exception cref="UserErrorException">
    /// The file or its card is unusable, θ does not belong to an MLP, a parameter is unusable, libtorch does not load, or the
    /// plan is missing.
    /// </exception>
    public LearnedOptimizer(IEnumerable<Parameter> parameters, string thetaPath, TrainingPlan? plan = null)
        : this([new ParamGroup { Parameters = parameters }], thetaPath, plan)
    {
    }

    /// <inheritdoc cref="LearnedOptimizer(IEnumerable{Parameter}, string, TrainingPlan)"/>
    public LearnedOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters, string thetaPath, TrainingPlan? plan = null)
        : this(parameters.Select(p => p.Parameter), thetaPath, plan)
    {
    }

    /// <inheritdoc cref="LearnedOptimizer(IEnumerable{Parameter}, string, TrainingPlan)"/>
    public LearnedOptimizer(IEnumerable<ParamGroup> groups, string thetaPath, TrainingPlan? plan = null)
        : this(groups, ThetaCard.Complete(thetaPath, ThetaFile.Read(thetaPath)), plan)
    {
    }

    /// <summary>Creates an optimizer from a θ in memory.</summary>
    /// <param name="content">Parameters θ with their optimizer and the constants of its update, which no θ can be used without.</param>
    /// <inheritdoc cref="LearnedOptimizer(IEnumerable{Parameter}, string, TrainingPlan)"/>
    public LearnedOptimizer(
        IEnumerable<ParamGroup> groups, ThetaFileContent content, TrainingPlan? plan = null)
    {
        LibtorchRuntime.Require();
        if (!content.Optimizer.IsMlp())
            throw new UserErrorException(
                $"θ holds the hyper-parameters of '{content.Optimizer}', not an MLP. Use torch.optim's own optimizer with them.");
        var constants = content.Constants
            ?? throw new UserErrorException(
                "θ comes without the constants of its update (stepScale, exponentScale, …), and has no use with others. Set Constants to "
                    + "those of its card.");
        if (plan is null && WhyPlan(content.Optimizer, constants) is { } why)
            throw new UserErrorException($"{why} Pass them: plan: new TrainingPlan(steps, examples, minibatchSize).");
        _updater = new TensorUpdater(content, Settings(constants, plan));
        _defaults = new Options();
        _parameter_groups = [];
        try
        {
            foreach (var group in groups) add_param_group(group);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="UserErrorException">A parameter is unusable, or belongs to the optimizer already.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        Parameter[] parameters = [.. param_group.Parameters];
        for (int i = 0; i < parameters.Length; i++) Check(parameters[i], i);
        if (parameters.Select(p => p.Handle).Distinct().Count() != parameters.Length || parameters.Any(p => _state.ContainsKey(p.Handle)))
            throw new UserErrorException("A parameter is given twice. Put each parameter in one group, once.");
        param_group.Parameters = parameters;
        param_group.Options = new Options
        {
            LearningRate = param_group.Options?.LearningRate ?? 1,
            InitialLearningRate = param_group.Options?.LearningRate ?? 1,
        };
        _parameter_groups.Add(param_group);
        foreach (var parameter in parameters) _state[parameter.Handle] = new MomentaState(parameter);
    }

    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(
        group =>
        {
            var options = (Options)group.Options;
            _updater.BeginStep(options.Step);
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is not null)
                {
                    _updater.Update(
                        parameter, gradient, (MomentaState)_state[parameter.Handle], options.LearningRate!.Value);
                }
            }

            options.Step++;
        },
        closure);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _updater?.Dispose();
            foreach (var (_, state) in _state) ((MomentaState)state).Dispose();
            _state.Clear();
        }

        base.Dispose(disposing);
    }

    /// <summary>Why the optimizer cannot do without a plan; null: it can.</summary>
    private static string? WhyPlan(OptimizerKind kind, UpdateConstants constants) =>
        kind.HasTaskInputs() ? $"An optimizer '{kind}' takes the training's length and number of examples as inputs."
        : constants.StepDecay == StepDecay.Linear ? "This θ was trained with steps that shrink over the training's length."
        : constants.TimeInputs == TimeInputs.Horizon ? "This θ was trained with time as a share of the training's length."
        : null;

    private static UpdateSettings Settings(UpdateConstants constants, TrainingPlan? plan)
    {
        var settings = UpdateSettings.Of(constants);
        return plan is null
            ? settings
            : settings with { InnerSteps = plan.Steps, TrainingImages = plan.Examples, MinibatchSize = plan.MinibatchSize };
    }

    private static void Check(Parameter parameter, int index)
    {
        string name = $"Parameter {index} (shape [{string.Join(", ", parameter.shape)}])";
        if (parameter.device_type != DeviceType.CPU)
        {
            throw new UserErrorException(
                $"{name} is on '{parameter.device}'. The learned optimizer works on the CPU: move the module with cpu().");
        }
        if (parameter.dtype != ScalarType.Float32)
        {
            throw new UserErrorException(
                $"{name} is '{parameter.dtype}'. The learned optimizer works on Float32: convert the module with to(ScalarType.Float32).");
        }
        if (parameter.numel() == 0) throw new UserErrorException($"{name} is empty. Pass parameters with at least one number.");
    }

    /// <summary>Options of a parameter group.</summary>
    public sealed class Options : OptimizerOptions
    {
        /// <summary>Number of steps t so far.</summary>
        public long Step { get; set; }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(Step);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            Step = reader.ReadInt64();
        }

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            Step = ((Options)source).Step;
        }
    }
}

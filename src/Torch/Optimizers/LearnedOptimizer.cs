using LoptCluster.Engine.ThetaFiles;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.Torch.Libtorch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LoptCluster.Torch.Optimizers;

/// <summary>A trained θ as an optimizer of TorchSharp: <c>new LearnedOptimizer(module.parameters(), "theta.safetensors")</c>.</summary>
/// <remarks>
/// App. D.1: an MLP with one hidden layer, applied to each number alone; normalisation per tensor. The same kernels as the engine's, so the same
/// steps. There is no learning rate to tune; <c>LearningRate</c> is a factor on every step, 1 as trained, which schedulers may change.
/// Each parameter group counts its own steps t (an input of the MLP); a parameter without gradient keeps its momenta. Not thread-safe.
/// θ is made for the problems and the number of steps that it was trained on; its card says which.
/// </remarks>
public sealed class LearnedOptimizer : OptimizerHelper
{
    private const double DefaultScale = 1e-3;

    private readonly double _stepScale;
    private readonly double _exponentScale;
    private readonly TensorUpdater _updater;

    /// <param name="parameters">float32, contiguous, on the CPU.</param>
    /// <param name="thetaPath">theta.safetensors; λ_lin and λ_exp are its card's, where that lies beside it, else 1e-3.</param>
    /// <exception cref="UserErrorException">The file or its card is not usable; θ is not an MLP's; a parameter is not usable; libtorch does not load.</exception>
    public LearnedOptimizer(IEnumerable<Parameter> parameters, string thetaPath)
        : this([new ParamGroup { Parameters = parameters }], thetaPath)
    {
    }

    /// <inheritdoc cref="LearnedOptimizer(IEnumerable{Parameter}, string)"/>
    public LearnedOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters, string thetaPath)
        : this(parameters.Select(p => p.Parameter), thetaPath)
    {
    }

    /// <inheritdoc cref="LearnedOptimizer(IEnumerable{Parameter}, string)"/>
    public LearnedOptimizer(IEnumerable<ParamGroup> groups, string thetaPath)
        : this(groups, ThetaFile.Read(thetaPath), ThetaCard.ReadSpecification(thetaPath))
    {
    }

    /// <param name="content">θ in memory.</param>
    /// <param name="trainedWith">Names λ_lin and λ_exp; null: 1e-3 both.</param>
    /// <inheritdoc cref="LearnedOptimizer(IEnumerable{Parameter}, string)"/>
    public LearnedOptimizer(IEnumerable<ParamGroup> groups, ThetaFileContent content, RunSpecification? trainedWith = null)
    {
        LibtorchRuntime.Require();
        if (!content.Optimizer.IsMlp())
            throw new UserErrorException($"θ holds the hyper-parameters of '{content.Optimizer}', not an MLP. Use torch.optim's own optimizer with them.");
        _stepScale = trainedWith?.StepScale ?? DefaultScale;
        _exponentScale = trainedWith?.ExponentScale ?? DefaultScale;
        _updater = new TensorUpdater(content);
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

    /// <exception cref="UserErrorException">A parameter is not usable, or is in the optimizer already.</exception>
    public override void add_param_group(ParamGroup param_group)
    {
        Parameter[] parameters = [.. param_group.Parameters];
        for (int i = 0; i < parameters.Length; i++) Check(parameters[i], i);
        if (parameters.Select(p => p.Handle).Distinct().Count() != parameters.Length || parameters.Any(p => _state.ContainsKey(p.Handle)))
            throw new UserErrorException("A parameter is given twice; each must be in one group, once.");
        param_group.Parameters = parameters;
        param_group.Options = new Options { LearningRate = param_group.Options?.LearningRate ?? 1, InitialLearningRate = param_group.Options?.LearningRate ?? 1 };
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
                if (gradient is not null) _updater.Update(parameter, gradient, (MomentaState)_state[parameter.Handle], _stepScale * options.LearningRate!.Value, _exponentScale);
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

    private static void Check(Parameter parameter, int index)
    {
        string name = $"Parameter {index} (shape [{string.Join(", ", parameter.shape)}])";
        if (parameter.device_type != DeviceType.CPU) throw new UserErrorException($"{name} is on {parameter.device}: the learned optimizer works on the CPU; move the module with cpu().");
        if (parameter.dtype != ScalarType.Float32) throw new UserErrorException($"{name} is {parameter.dtype}: the learned optimizer works on Float32; convert the module with to(ScalarType.Float32).");
        if (parameter.numel() == 0) throw new UserErrorException($"{name} is empty.");
    }

    /// <summary>What a group has beside its parameters.</summary>
    public sealed class Options : OptimizerOptions
    {
        /// <summary>t: steps so far.</summary>
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

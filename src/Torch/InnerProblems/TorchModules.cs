using LoptCluster.Engine.Datasets;
using LoptCluster.Engine.InnerProblems;
using LoptCluster.Shared;
using LoptCluster.Shared.Specification;
using LoptCluster.Torch.Libtorch;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>Torch modules of a program, as inner-problems beside the engine's own; an argument of <c>LoptProgram.RunAsync</c>.</summary>
/// <remarks>libtorch is loaded when the first torch problem is created; a program that only coordinates never loads it.</remarks>
public sealed class TorchModules : IInnerProblemSource
{
    private readonly Dictionary<string, TorchModule> _modules = new(StringComparer.Ordinal);

    public TorchModules(params ReadOnlySpan<TorchModule> modules)
    {
        foreach (var module in modules) Add(module);
    }

    /// <summary>Default of one slot per process: a crash of libtorch then loses only one slot.</summary>
    public int? SlotsPerProcess => 1;

    /// <inheritdoc cref="Add(TorchModule)"/>
    public TorchModules Add(string name, Func<TorchTask, Module<Tensor, Tensor>> create) => Add(new TorchModule(name, create));

    /// <inheritdoc cref="Add(TorchModule)"/>
    public TorchModules Add(string name, Func<TorchTask, Module<Tensor, Tensor>> create, Func<Tensor, Tensor, Tensor> loss) =>
        Add(new TorchModule(name, create, loss));

    /// <exception cref="ArgumentException">A module with this name exists already.</exception>
    public TorchModules Add(TorchModule module)
    {
        if (!_modules.TryAdd(module.Name, module))
            throw new ArgumentException($"Two torch modules are named '{module.Name}'. Give each module a unique name.", nameof(module));
        return this;
    }

    public IInnerProblem Create(RunSpecification specification, ImageShape shape, int classes, long problemId = 0)
    {
        if (specification.InnerProblem != InnerProblemKind.Torch)
            return InnerProblemFactory.Create(specification, shape, classes, problemId);
        if (!_modules.TryGetValue(specification.TorchModule, out var module))
        {
            throw new UserErrorException(
                $"The run's inner-problem is the torch module '{specification.TorchModule}'; "
                    + $"this program has {(_modules.Count == 0 ? "none" : string.Join(", ", _modules.Keys))}. "
                    + "Start the program that contains the module.");
        }

        LibtorchRuntime.Require();
        return new TorchInnerProblem(module, new TorchTask(shape, classes), specification.MinibatchSize, specification.Seed);
    }
}

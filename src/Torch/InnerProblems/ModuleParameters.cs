using LoptCluster.Engine.Parameters;
using LoptCluster.Shared;
using LoptCluster.Torch.Libtorch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LoptCluster.Torch.InnerProblems;

/// <summary>Trainable parameters of a module, copied to and from the engine's padded vectors.</summary>
/// <remarks>
/// Does not own the module. A parameter shared by two layers appears once; a parameter that requires no gradient is not part of w.
/// </remarks>
internal sealed class ModuleParameters
{
    private readonly Parameter[] _parameters;

    /// <exception cref="UserErrorException">A parameter is not contiguous float32 on the CPU, or the module has none.</exception>
    public ModuleParameters(string moduleName, nn.Module module)
    {
        var named = module.named_parameters().Where(p => p.parameter.requires_grad).DistinctBy(p => p.parameter.Handle).ToList();
        if (named.Count == 0)
            throw new UserErrorException($"The torch module '{moduleName}' has no trainable parameter. Add one that requires a gradient.");
        foreach (var (name, parameter) in named)
        {
            if (parameter.dtype != ScalarType.Float32 || parameter.device_type != DeviceType.CPU)
                throw new UserErrorException(
                    $"Parameter '{name}' of the torch module '{moduleName}' is {parameter.dtype} on {parameter.device}. "
                    + "Use float32 on the CPU.");
            if (!parameter.is_contiguous())
                throw new UserErrorException(
                    $"Parameter '{name}' of the torch module '{moduleName}' is not contiguous. Create it from a contiguous tensor.");
        }

        _parameters = [.. named.Select(p => p.parameter)];
        Tensors = [.. _parameters];
        Layout = new ParameterLayout([.. named.Select(p => (p.name, p.parameter.shape.Select(s => checked((int)s)).ToArray()))])
        {
            OutputsFirst = true,
        };
    }

    public ParameterLayout Layout { get; }

    public IList<Tensor> Tensors { get; }

    /// <summary>Copies a padded vector to the module.</summary>
    public void Set(ReadOnlySpan<float> padded)
    {
        for (int i = 0; i < _parameters.Length; i++)
            padded.Slice(Layout.Tensors[i].Offset, Layout.Tensors[i].Length).CopyTo(_parameters[i].Floats());
    }

    /// <summary>Copies the module's parameters to a padded vector.</summary>
    public void Get(Span<float> padded)
    {
        padded[..Layout.PaddedLength].Clear();
        for (int i = 0; i < _parameters.Length; i++) _parameters[i].Floats().CopyTo(padded[Layout.Tensors[i].Offset..]);
    }
}

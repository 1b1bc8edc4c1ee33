using System.Collections.Immutable;

namespace LoptCluster.Engine.Optimizers;

/// <summary>Named parts of θ, in order: tensors, and for a hand-designed optimizer its hyper-parameters, one an element.</summary>
public sealed class ThetaLayout
{
    /// <summary>Name of the one tensor of a θ of hyper-parameters.</summary>
    public const string FlatTensor = "theta";

    public ThetaLayout(params ReadOnlySpan<(string Name, int[] Shape)> tensors)
    {
        var builder = ImmutableArray.CreateBuilder<ThetaTensor>(tensors.Length);
        foreach (var (name, shape) in tensors)
        {
            int length = shape.Aggregate(1, (a, b) => checked(a * b));
            builder.Add(new ThetaTensor(name, [.. shape], Length, length));
            Length += length;
        }

        Tensors = builder.MoveToImmutable();
        HyperParameters = [];
    }

    public ThetaLayout(ImmutableArray<HyperParameter> hyperParameters)
        : this((FlatTensor, [hyperParameters.Length])) => HyperParameters = hyperParameters;

    public ImmutableArray<ThetaTensor> Tensors { get; }

    /// <summary>Meaning of each element of θ; empty where the elements have none of their own (MLPs).</summary>
    public ImmutableArray<HyperParameter> HyperParameters { get; }

    /// <summary>Number |θ| of outer-parameters.</summary>
    public int Length { get; }

    /// <summary>Values of the hyper-parameters at θ, each in its own unit.</summary>
    public double[] Values(ReadOnlySpan<float> theta)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, Length);
        double[] values = new double[HyperParameters.Length];
        for (int i = 0; i < values.Length; i++) values[i] = HyperParameters[i].FromTheta(theta[i]);
        return values;
    }

    /// <summary>Gradient with respect to the hyper-parameters themselves, given that with respect to θ.</summary>
    public double[] ValueGradient(ReadOnlySpan<float> theta, ReadOnlySpan<double> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, Length);
        double[] byValue = new double[HyperParameters.Length];
        for (int i = 0; i < byValue.Length; i++) byValue[i] = gradient[i] / HyperParameters[i].Transform.Slope(theta[i]);
        return byValue;
    }

    /// <summary>θ of hyper-parameters given in their own units; those that are not given have their initial values.</summary>
    /// <exception cref="ArgumentException">There is no such hyper-parameter.</exception>
    public float[] Point(params ReadOnlySpan<(string Name, double Value)> values)
    {
        float[] theta = [.. HyperParameters.Select(h => h.ToTheta(h.Initial))];
        foreach (var (name, value) in values)
        {
            int index = IndexOf(name);
            theta[index] = HyperParameters[index].ToTheta(value);
        }

        return theta;
    }

    /// <summary>Element of θ that holds a hyper-parameter.</summary>
    /// <exception cref="ArgumentException">There is no such hyper-parameter.</exception>
    public int IndexOf(string name)
    {
        for (int i = 0; i < HyperParameters.Length; i++)
        {
            if (HyperParameters[i].Name == name) return i;
        }

        string known = string.Join(", ", HyperParameters.Select(h => h.Name));
        throw new ArgumentException($"There is no hyper-parameter '{name}'; there are: {known}.", nameof(name));
    }
}

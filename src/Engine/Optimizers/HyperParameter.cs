namespace LoptCluster.Engine.Optimizers;

/// <summary>A hyper-parameter of a hand-designed optimizer, which is one element of θ.</summary>
/// <param name="Name">Name in camelCase: "learningRate".</param>
/// <param name="Initial">Value at the start of outer-training, in its own unit.</param>
/// <param name="Transform">How θ holds it.</param>
/// <param name="Unit">Unit of the value, such as "1/inner-step"; "" for a pure number.</param>
public sealed record HyperParameter(string Name, double Initial, HyperParameterTransform Transform, string Unit = "")
{
    /// <summary>Element of θ that holds a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The transform does not reach the value (a learning rate of 0 has no logarithm).
    /// </exception>
    public float ToTheta(double value)
    {
        float theta = (float)Transform.ToTheta(value);
        return float.IsFinite(theta)
            ? theta
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"{Name} is kept in θ as {Transform.Formula}, which is not finite here.");
    }

    /// <summary>Value that an element of θ holds.</summary>
    public double FromTheta(float theta) => Transform.FromTheta(theta);
}

using LoptCluster.Shared.Run;

namespace LoptCluster.Engine.Estimation;

/// <summary>The perturbations of θ: e ~ N(0, σ²I).</summary>
/// <remarks>Thread-safe, and repeatable: the same truncation gives the same e. Golden cases replace it.</remarks>
public interface IPerturbationSource
{
    /// <summary>Standard deviation σ of every element.</summary>
    double Std { get; }

    /// <summary>Fills e of a truncation.</summary>
    void Fill(SampleIdentity truncation, Span<float> e);
}

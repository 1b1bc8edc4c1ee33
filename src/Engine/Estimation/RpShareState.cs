namespace LoptCluster.Engine.Estimation;

/// <summary>What the choice of the share needs of the past. A checkpoint stores it.</summary>
/// <param name="Updates">Batches seen.</param>
/// <param name="LogRatio">Average of ln (σ²_es / σ²_rp), |θ| elements.</param>
/// <param name="Cost">What samples took.</param>
public sealed record RpShareState(long Updates, double[] LogRatio, RpCost Cost)
{
    public static RpShareState Zero(int thetaLength) => new(0, new double[thetaLength], default);
}

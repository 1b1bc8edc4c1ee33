namespace LoptCluster.Engine.OuterTraining;

/// <summary>Adam's state: what an update needs of the past. A checkpoint stores it.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="First">First moment, |θ|.</param>
/// <param name="Second">Second moment, |θ|.</param>
public sealed record OuterAdamState(long Step, double[] First, double[] Second)
{
    public static OuterAdamState Zero(int thetaLength) => new(0, new double[thetaLength], new double[thetaLength]);
}

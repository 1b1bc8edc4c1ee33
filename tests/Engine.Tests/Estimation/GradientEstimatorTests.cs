using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Tests.Estimation;

public sealed class MergedEstimatorTests() : GradientEstimatorContract(Estimator.Merged);

public sealed class RpEstimatorTests() : GradientEstimatorContract(Estimator.Rp);

public sealed class EsEstimatorTests() : GradientEstimatorContract(Estimator.Es);

using LoptCluster.Shared.Specification;

namespace LoptCluster.Engine.Tests.Estimation;

public sealed class MergedEstimatorTests() : GradientEstimatorContract(Estimator.Merged);

public sealed class RpEstimatorTests() : GradientEstimatorContract(Estimator.Rp);

public sealed class EsEstimatorTests() : GradientEstimatorContract(Estimator.Es);

public sealed class BackpropEstimatorTests() : GradientEstimatorContract(Estimator.Backprop);

public sealed class PesEstimatorTests() : GradientEstimatorContract(Estimator.Pes);

public sealed class NresEstimatorTests() : GradientEstimatorContract(Estimator.Nres);

public sealed class MergedPesEstimatorTests() : GradientEstimatorContract(Estimator.MergedPes);

public sealed class MergedNresEstimatorTests() : GradientEstimatorContract(Estimator.MergedNres);

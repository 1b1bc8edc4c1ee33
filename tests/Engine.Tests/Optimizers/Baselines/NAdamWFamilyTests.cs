using LoptCluster.Engine.Optimizers;

namespace LoptCluster.Engine.Tests.Optimizers.Baselines;

public sealed class NAdamWFamilyTests() : ScheduledFamilyContract(OptimizerFamilies.NAdamW, DoubleBaselines.AdamW(nesterov: true));

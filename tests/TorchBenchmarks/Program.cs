using LoptCluster.TorchBenchmarks;

return BenchmarkCommand.Create().Parse(args).Invoke();

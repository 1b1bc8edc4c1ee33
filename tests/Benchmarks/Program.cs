using BenchmarkDotNet.Running;
using LoptCluster.Benchmarks.Loop;

if (args is ["quarantine"]) QuarantineTurns.Print(Console.Out);
else if (args is ["fleet-loss"]) FleetLossTurns.Print(Console.Out);
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);

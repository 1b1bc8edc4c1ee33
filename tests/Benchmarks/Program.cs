using BenchmarkDotNet.Running;
using LoptCluster.Benchmarks.Intake;

if (args is ["quarantine"]) QuarantineTurns.Print(Console.Out);
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);

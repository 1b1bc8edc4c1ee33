using LoptCluster.Cli.CommandLine;

using var environment = CliEnvironment.OfThisProcess();
return await LoptCommandLine.RunAsync(args, environment);

return await LoptCluster.Cli.LoptProgram.RunAsync(args);

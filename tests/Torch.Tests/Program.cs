using LoptCluster.Cli;
using LoptCluster.Torch.Tests;
using LoptCluster.Torch.Tests.Modules;

// The tests, or (as users' programs are) lopt with modules of its own: what the tests of whole runs start.
if (args is [{ } command, ..] && !command.StartsWith('-')) return await LoptProgram.RunAsync(args, TestModules.All);
return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);

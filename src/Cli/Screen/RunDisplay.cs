using LoptCluster.Cli.CommandLine;
using Spectre.Console;

namespace LoptCluster.Cli.Screen;

/// <summary>Shows a run in progress: the live screen on a terminal, plain lines elsewhere.</summary>
internal static class RunDisplay
{
    /// <summary>Shows views until the stream ends, and returns the last one; null if there was none.</summary>
    public static async Task<ScreenRun?> ShowAsync(
        IAsyncEnumerable<ScreenRun> views, Func<ScreenRun, RunScreen> screen, Func<PlainLines> lines, CliEnvironment environment)
    {
        if (environment.IsLive)
            return await LiveAsync(views, screen, environment);
        return await LinesAsync(views, lines());
    }

    private static async Task<ScreenRun?> LiveAsync(
        IAsyncEnumerable<ScreenRun> views, Func<ScreenRun, RunScreen> screen, CliEnvironment environment)
    {
        ScreenRun? last = null;
        RunScreen? shown = null;
        var live = environment.Console.Live(new Text("Starting …"))
            .Overflow(VerticalOverflow.Crop)
            .Cropping(VerticalOverflowCropping.Bottom);
        await live.StartAsync(async context =>
        {
            await foreach (var view in views)
            {
                last = view;
                context.UpdateTarget((shown ??= screen(view)).Render(view));
            }
        });
        return last;
    }

    private static async Task<ScreenRun?> LinesAsync(IAsyncEnumerable<ScreenRun> views, PlainLines lines)
    {
        ScreenRun? last = null;
        await foreach (var view in views)
        {
            last = view;
            lines.Show(view, view.Finished);
        }

        return last;
    }
}

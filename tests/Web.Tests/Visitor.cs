using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace LoptCluster.Web.Tests;

/// <summary>Somebody who looks at the page. Remembers what went wrong and what was asked of which host.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>Milliseconds that the page may take for anything, however busy the machine is.</summary>
    public const int Patience = 90_000;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentQueue<Uri> _requests = [];

    private Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, e) => _faults.Enqueue(e);
        page.Console += (_, m) =>
        {
            if (m.Type is "error" or "warning") _faults.Enqueue($"{m.Type}: {m.Text}");
        };
        page.Request += (_, r) => _requests.Enqueue(new Uri(r.Url));
    }

    public IPage Page { get; }

    public static async Task<Visitor> OpenAsync(IBrowserContext context, string url)
    {
        var visitor = new Visitor(context, await context.NewPageAsync());
        await visitor.Page.AddInitScriptAsync(
            "window.shift = 0; new PerformanceObserver(l => { for (const e of l.getEntries()) window.shift += e.value; }).observe({ type: "
                + "'layout-shift', buffered: true });");
        await visitor.Page.GotoAsync(url);
        return visitor;
    }

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>Waits until an element's text contains another.</summary>
    public Task SeesAsync(string selector, string text) =>
        Assertions.Expect(Page.Locator(selector)).ToContainTextAsync(text);

    public Task<T> EvaluateAsync<T>(string script) => Page.EvaluateAsync<T>(script);

    /// <summary>Waits until a script says true.</summary>
    public async Task UntilAsync(string script)
    {
        try
        {
            await Page.WaitForFunctionAsync(script, null, new() { Timeout = Patience, PollingInterval = 100 });
        }
        catch (TimeoutException e)
        {
            string text = await Page.InnerTextAsync("body");
            throw new TimeoutException($"Within {Patience / 1000} s this was not so: {script}. The page: {text}", e);
        }
    }

    public async Task<byte[]> DownloadAsync(ILocator button)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        await using var stream = await download.CreateReadStreamAsync();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>No error or warning, nothing asked of another host.</summary>
    public void AssertClean(params string[] expected)
    {
        Assert.DoesNotContain(_faults, f => !expected.Any(f.Contains));
        var own = new Uri(Page.Url);
        Assert.DoesNotContain(_requests, r => r.Scheme != "blob" && r.Authority != own.Authority);
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
